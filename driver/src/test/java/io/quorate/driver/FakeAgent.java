package io.quorate.driver;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.quorate.protocol.recordio.RecordIo;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;

/** An agent's executor API, which acknowledges what it is told to. */
final class FakeAgent implements AutoCloseable {
  final List<Call> calls = new CopyOnWriteArrayList<>();
  final List<String> tokens = new CopyOnWriteArrayList<>();
  volatile boolean recovers;
  volatile boolean acknowledges = true;
  private final HttpServer server;
  private volatile CountDownLatch streamsEnd = new CountDownLatch(1);
  private volatile OutputStream stream;

  FakeAgent() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task);
              thread.setDaemon(true);
              return thread;
            }));
    server.createContext("/api/v1/executor", this::handle);
    server.start();
  }

  String address() {
    return "127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    Call call = Call.parseFrom(exchange.getRequestBody().readAllBytes());
    tokens.add(exchange.getRequestHeaders().getFirst("Authorization"));
    if (recovers) {
      exchange.sendResponseHeaders(503, -1);
      exchange.close();
      return;
    }
    calls.add(call);
    if (call.getType() == Call.Type.SUBSCRIBE) {
      CountDownLatch end = streamsEnd;
      exchange.sendResponseHeaders(200, 0);
      stream = exchange.getResponseBody();
      send(Event.newBuilder().setType(Event.Type.SUBSCRIBED).build());
      for (Call.Update update : call.getSubscribe().getUnacknowledgedUpdatesList()) {
        acknowledge(update);
      }
      try {
        end.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      exchange.close();
      return;
    }
    exchange.sendResponseHeaders(202, -1);
    exchange.close();
    if (call.getType() == Call.Type.UPDATE && acknowledges) {
      acknowledge(call.getUpdate());
    }
  }

  private void acknowledge(Call.Update update) throws IOException {
    send(
        Event.newBuilder()
            .setType(Event.Type.ACKNOWLEDGED)
            .setAcknowledged(
                Event.Acknowledged.newBuilder()
                    .setTaskId(update.getStatus().getTaskId())
                    .setUuid(update.getStatus().getUuid()))
            .build());
  }

  synchronized void send(Event event) throws IOException {
    stream.write(RecordIo.encode(event.toByteArray()));
    stream.flush();
  }

  void endStreams() {
    CountDownLatch ended = streamsEnd;
    streamsEnd = new CountDownLatch(1);
    ended.countDown();
  }

  List<Call> calls(Call.Type type) {
    return calls.stream().filter(call -> call.getType() == type).toList();
  }

  @Override
  public void close() {
    endStreams();
    server.stop(0);
  }
}
