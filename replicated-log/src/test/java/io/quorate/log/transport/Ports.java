package io.quorate.log.transport;

import com.alipay.sofa.jraft.option.RpcOptions;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Raft ports and clients of one test, and what reached the ports. */
final class Ports implements AutoCloseable {
  final AtomicInteger pings = new AtomicInteger();
  final AtomicInteger unanswered = new AtomicInteger();

  /** The connections that calls came by. */
  final Set<String> callers = ConcurrentHashMap.newKeySet();

  private final ExecutorService executor = Executors.newSingleThreadExecutor();
  private final List<Vertx> vertxes = new ArrayList<>();
  private final List<RaftClient> clients = new ArrayList<>();

  Vertx keep(Vertx vertx) {
    vertxes.add(vertx);
    return vertx;
  }

  TransportOptions options(byte[] secret) {
    return TransportOptions.of(keep(Wire.vertx()), secret);
  }

  /** A port that answers pings, and never answers TimeoutNow. */
  RaftServer serve(TransportOptions options, String host, int port) {
    RaftServer server = new RaftServer(options, host, port, executor);
    server.registerProcessor(
        new Counting<>(PingRequest.class, pings) {
          @Override
          void answer(RpcContext context) {
            context.sendResponse(ErrorResponse.newBuilder().setErrorCode(0).build());
          }
        });
    server.registerProcessor(
        new Counting<>(TimeoutNowRequest.class, unanswered) {
          @Override
          void answer(RpcContext context) {}
        });
    if (!server.init(null)) {
      throw new IllegalStateException("port " + port + " cannot be bound");
    }
    return server;
  }

  RaftClient client(TransportOptions options) {
    RaftClient client = new RaftClient();
    client.configure(options);
    RpcOptions rpc = new RpcOptions();
    rpc.setRpcConnectTimeoutMs(10_000);
    client.init(rpc);
    clients.add(client);
    return client;
  }

  static Endpoint endpoint(int port) {
    return new Endpoint(Wire.LOOPBACK, port);
  }

  static PingRequest ping() {
    return PingRequest.newBuilder().setSendTimestamp(1).build();
  }

  /** A request that is never answered, of about this size. */
  static TimeoutNowRequest unanswered(int bytes) {
    return TimeoutNowRequest.newBuilder()
        .setGroupId("x".repeat(bytes))
        .setServerId("a")
        .setPeerId("b")
        .setTerm(1)
        .build();
  }

  @Override
  public void close() {
    clients.forEach(RaftClient::shutdown);
    vertxes.forEach(vertx -> vertx.close().toCompletionStage().toCompletableFuture().join());
    executor.shutdownNow();
  }

  private abstract class Counting<T> implements RpcProcessor<T> {
    private final Class<T> type;
    private final AtomicInteger count;

    Counting(Class<T> type, AtomicInteger count) {
      this.type = type;
      this.count = count;
    }

    abstract void answer(RpcContext context);

    @Override
    public void handleRequest(RpcContext context, T request) {
      count.incrementAndGet();
      callers.add(context.getRemoteAddress());
      answer(context);
    }

    @Override
    public String interest() {
      return type.getName();
    }
  }
}
