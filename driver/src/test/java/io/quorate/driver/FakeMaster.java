package io.quorate.driver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.quorate.protocol.recordio.RecordIo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/** A master that answers as it is told. */
final class FakeMaster implements AutoCloseable {
  /** How the next calls are answered. */
  enum Mode {
    LEAD,
    FOLLOW,
    LEADERLESS,
    OVERRUN,
    REFUSE,
    BREAK
  }

  final List<Call> calls = new CopyOnWriteArrayList<>();
  final List<String> authorizations = new CopyOnWriteArrayList<>();
  final AtomicInteger refused = new AtomicInteger();
  final List<String> streamIds = new CopyOnWriteArrayList<>();
  volatile Mode mode = Mode.LEAD;
  volatile String leader = "";
  volatile double heartbeatSeconds = 15;
  private final HttpServer server;
  private volatile CountDownLatch streamsEnd = new CountDownLatch(1);
  private volatile OutputStream stream;

  FakeMaster() throws IOException {
    this(HttpServer.create(loopback(), 0));
  }

  private FakeMaster(HttpServer server) {
    this.server = server;
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/api/v1/scheduler", this::handle);
    server.start();
  }

  /** One that speaks TLS. */
  static FakeMaster secure(SSLContext context) throws IOException {
    HttpsServer server = HttpsServer.create(loopback(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(context));
    return new FakeMaster(server);
  }

  private static InetSocketAddress loopback() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
    Call call = Call.parseFrom(exchange.getRequestBody().readAllBytes());
    switch (mode) {
      case FOLLOW -> {
        exchange.getResponseHeaders().add("Location", "//" + leader + "/master/api/v1/scheduler");
        answer(exchange, 307, "");
      }
      case LEADERLESS -> answer(exchange, 503, "No leader elected");
      case OVERRUN -> {
        refused.incrementAndGet();
        answer(exchange, 429, "over its rate limit");
      }
      case REFUSE -> answer(exchange, 400, "no such thing");
      case BREAK -> exchange.close();
      case LEAD -> {
        calls.add(call);
        if (call.getType() == Call.Type.SUBSCRIBE) {
          subscribe(exchange, call);
        } else {
          streamIds.add(exchange.getRequestHeaders().getFirst("Mesos-Stream-Id"));
          answer(exchange, 202, "");
        }
      }
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    if (bytes.length > 0) {
      exchange.getResponseBody().write(bytes);
    }
    exchange.close();
  }

  private void subscribe(HttpExchange exchange, Call call) throws IOException {
    CountDownLatch end = streamsEnd;
    exchange.getResponseHeaders().add("Mesos-Stream-Id", "stream-" + calls.size());
    exchange.sendResponseHeaders(200, 0);
    stream = exchange.getResponseBody();
    FrameworkID id =
        call.hasFrameworkId()
            ? call.getFrameworkId()
            : FrameworkID.newBuilder().setValue("f-0000").build();
    send(
        Event.newBuilder()
            .setType(Event.Type.SUBSCRIBED)
            .setSubscribed(
                Event.Subscribed.newBuilder()
                    .setFrameworkId(id)
                    .setHeartbeatIntervalSeconds(heartbeatSeconds))
            .build());
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    exchange.close();
  }

  void send(Event event) throws IOException {
    // Cut in two: a record may span chunks.
    byte[] framed = RecordIo.encode(event.toByteArray());
    stream.write(framed, 0, framed.length / 2);
    stream.flush();
    stream.write(framed, framed.length / 2, framed.length - framed.length / 2);
    stream.flush();
  }

  void endStreams() {
    CountDownLatch ended = streamsEnd;
    streamsEnd = new CountDownLatch(1);
    ended.countDown();
  }

  List<Call> subscriptions() {
    return calls.stream().filter(call -> call.getType() == Call.Type.SUBSCRIBE).toList();
  }

  @Override
  public void close() {
    endStreams();
    server.stop(0);
  }
}
