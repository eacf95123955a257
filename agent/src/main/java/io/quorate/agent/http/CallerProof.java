package io.quorate.agent.http;

import io.quorate.agent.AgentCore;
import io.quorate.agent.executor.ContainerSockets;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.supervise.Marks;
import io.quorate.protocol.http.Answers;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * Finds out which container a caller without a token is in, by its socket. A connection that has
 * proven itself once is not asked again. Looks are made one after the other, and only so many may
 * wait: strangers must not keep the machine busy. Event loops call it.
 */
final class CallerProof {
  private static final int WAITING_MAX = 64;

  private final AgentCore core;
  private final WorkerExecutor worker;
  private final ContainerSockets sockets = new ContainerSockets(Path.of("/proc"));
  private final AtomicInteger waiting = new AtomicInteger();
  private final Map<HttpConnection, String> proven = new WeakHashMap<>();

  CallerProof(Vertx vertx, AgentCore core) {
    this.core = core;
    this.worker = vertx.createSharedWorkerExecutor("executor-proof", 1);
  }

  /**
   * Looks whether a request comes from the container of an executor.
   *
   * @param then gets the container's id on the event loop of the request, or nothing if the caller
   *     is not in it; not called if too many wait, which is answered with 503
   */
  void find(HttpServerRequest request, ExecutorId executor, Consumer<Optional<String>> then) {
    Optional<String> container = core.container(executor);
    if (container.isEmpty()) {
      then.accept(Optional.empty());
      return;
    }
    HttpConnection connection = request.connection();
    if (container.get().equals(known(connection))) {
      then.accept(container);
      return;
    }
    if (waiting.incrementAndGet() > WAITING_MAX) {
      waiting.decrementAndGet();
      Answers.text(request, 503, "Too many callers without a token are looked at");
      return;
    }
    Context context = Vertx.currentContext();
    SocketAddress remote = connection.remoteAddress();
    SocketAddress local = connection.localAddress();
    worker
        .executeBlocking(() -> isIn(container.get(), remote, local))
        .onComplete(
            result -> {
              waiting.decrementAndGet();
              boolean inside = result.succeeded() && result.result();
              if (inside) {
                remember(connection, container.get());
              }
              Answers.later(
                  context, request, () -> then.accept(inside ? container : Optional.empty()));
            });
  }

  private boolean isIn(String container, SocketAddress remote, SocketAddress local) {
    Marks marks = new Marks(core.layout().files(container));
    Optional<Long> supervisor = marks.supervisorPid();
    // The supervisor is looked at again at the end: its pid could have been another's meanwhile.
    return supervisor.isPresent()
        && marks.supervised()
        && sockets.holds(supervisor.get(), address(remote), address(local))
        && marks.supervised();
  }

  private static InetSocketAddress address(SocketAddress address) {
    // It is an address already, so that no name is looked up.
    return new InetSocketAddress(address.hostAddress(), address.port());
  }

  private String known(HttpConnection connection) {
    synchronized (proven) {
      return proven.get(connection);
    }
  }

  private void remember(HttpConnection connection, String container) {
    synchronized (proven) {
      proven.put(connection, container);
    }
  }
}
