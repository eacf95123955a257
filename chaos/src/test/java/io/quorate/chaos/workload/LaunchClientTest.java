package io.quorate.chaos.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LaunchClientTest {
  private static final String REPEATABLE = "the outcome is unknown; the call may be repeated";

  private final AtomicInteger calls = new AtomicInteger();
  private HttpServer master;
  private volatile int refusals;
  private volatile int status;

  @BeforeEach
  void start() throws IOException {
    master = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    master.createContext(
        "/api/v1",
        exchange -> {
          boolean refused = calls.incrementAndGet() <= refusals;
          byte[] body = (refused ? REPEATABLE : "").getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(refused ? status : 202, refused ? body.length : -1);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    master.start();
  }

  @AfterEach
  void stop() {
    master.stop(0);
  }

  private LaunchClient client() {
    LaunchClient client = new LaunchClient();
    client.masters = List.of("127.0.0.1:" + master.getAddress().getPort());
    return client;
  }

  @Test
  @DisplayName("A limit that was answered with 503 is set again until it is done")
  void shouldRepeatWhatMayBeRepeated() {
    // given
    status = 503;
    refusals = 2;
    // when
    client().limit();
    // then
    assertThat(calls).hasValue(3);
  }

  @Test
  @DisplayName("A limit that was refused is not tried again, and the message says why")
  void shouldSayWhyALimitIsRefused() {
    // given
    status = 400;
    refusals = 1;
    // when, then
    assertThatThrownBy(client()::limit).hasMessageContaining("400").hasMessageContaining("chaos-0");
    assertThat(calls).hasValue(1);
  }
}
