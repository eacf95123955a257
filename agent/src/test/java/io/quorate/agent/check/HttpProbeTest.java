package io.quorate.agent.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.NetworkInfo;
import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class HttpProbeTest {
  @Test
  @DisplayName("a server on IPv6 alone is asked where the check says IPv6")
  void shouldAskServersOnIpv6() throws Exception {
    // given
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("::1"), 0), 0);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    Vertx vertx = Vertx.vertx();
    HealthCheck.Builder check =
        HealthCheck.newBuilder().setType(HealthCheck.Type.HTTP).setTimeoutSeconds(60);
    check
        .getHttpBuilder()
        .setPort(server.getAddress().getPort())
        .setProtocol(NetworkInfo.Protocol.IPv6);
    CompletableFuture<Probe.Result> result = new CompletableFuture<>();
    try {
      // when
      new VertxProbes(vertx, 1, null).of(check.build(), null).look(result::complete);
      // then
      assertThat(result.get().value()).hasValue(204);
    } finally {
      server.stop(0);
      vertx.close().toCompletionStage().toCompletableFuture().get();
    }
  }
}
