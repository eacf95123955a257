package io.quorate.protocol.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** On a real port: what no unit can show. */
class HttpEdgeTest {
  private static final int BODY_MAX = 64 << 10;
  private static final String HOST = "Host: localhost\r\n";

  private final Vertx vertx = Vertx.vertx();
  private final List<Socket> sockets = new ArrayList<>();
  private HttpEdge edge;
  private int port;

  @BeforeEach
  void start() {
    HttpBounds bounds =
        new HttpBounds(
            100,
            100,
            50,
            50,
            Duration.ofMillis(1500),
            Duration.ofMillis(1500),
            Duration.ofMillis(1500),
            BODY_MAX,
            4L * BODY_MAX,
            2L * BODY_MAX);
    SitePolicy sites =
        new SitePolicy(
            List.of("https://ops.example"), Optional.of(Set.of("localhost")), master -> false);
    Endpoints endpoints =
        new Endpoints(
            "/daemon",
            List.of(
                Endpoint.view("/state", request -> Answers.text(request, 200, "all")),
                Endpoint.view(
                    "/broken",
                    request -> {
                      throw new IllegalStateException("meant so");
                    }),
                Endpoint.call(
                    "/call",
                    request ->
                        RequestBodies.read(
                            request,
                            BODY_MAX,
                            body -> Answers.text(request, 200, "read " + body.length)))));
    edge = new HttpEdge(vertx, bounds, sites, endpoints);
    port = edge.listen("127.0.0.1", 0).await().actualPort();
  }

  @AfterEach
  void stop() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
    vertx.close().await();
  }

  private Socket send(String text) throws IOException {
    Socket socket = new Socket("127.0.0.1", port);
    sockets.add(socket);
    socket.setSoTimeout(20_000);
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    return socket;
  }

  private static String all(Socket socket) throws IOException {
    InputStream in = socket.getInputStream();
    return new String(in.readAllBytes(), ISO_8859_1);
  }

  private String get(String head) throws IOException {
    return all(send(head + "\r\n" + HOST + "Connection: close\r\n\r\n"));
  }

  private static String post(int length) {
    return "POST /call HTTP/1.1\r\n" + HOST + "Content-Length: " + length + "\r\n";
  }

  @Test
  @DisplayName(
      "bodies of strangers share a small budget: above it 503, and the daemon holds nothing")
  void shouldBoundStrangersBodies() throws Exception {
    // given: as many unfinished bodies as there is room for
    String most = "x".repeat(BODY_MAX - 1);
    List<Socket> open = new ArrayList<>();
    // when
    for (int i = 0; i < 6; i++) {
      open.add(send(post(BODY_MAX) + "Connection: close\r\n\r\n" + most));
    }
    // then: four are refused, and two wait for the rest
    int refused = 0;
    for (Socket socket : open) {
      String answer = all(socket);
      refused += answer.startsWith("HTTP/1.1 503") && answer.contains("Retry-After: 1") ? 1 : 0;
      assertThat(answer).containsPattern("^HTTP/1.1 (503|408)");
    }
    assertThat(refused).isEqualTo(4);
    // and: nothing is held
    assertThat(edge.heldBytes()).isZero();
    assertThat(all(send(post(2) + "Connection: close\r\n\r\nab"))).contains("read 2");
  }

  @Test
  @DisplayName("half a head, half a body and silence after an answer are closed in time")
  void shouldCloseTheSlow() throws Exception {
    assertThat(all(send("GET /state HTTP/1.1\r\nHost: loc"))).isEmpty();
    assertThat(all(send(""))).isEmpty();
    assertThat(all(send(post(9) + "\r\nab"))).startsWith("HTTP/1.1 408");
    assertThat(all(send("GET /state HTTP/1.1\r\n" + HOST + "\r\n"))).endsWith("all");
  }

  @Test
  @DisplayName("a handler that fails is a 500 and a closed connection")
  void shouldAnswerFailures() throws Exception {
    assertThat(all(send("GET /broken HTTP/1.1\r\n" + HOST + "\r\n")))
        .startsWith("HTTP/1.1 500")
        .doesNotContain("meant so");
  }

  @Test
  @DisplayName("HEAD has no body, OPTIONS and 405 say Allow, a bad escape is 400")
  void shouldSpeakHttp() throws Exception {
    assertThat(get("HEAD /state HTTP/1.1")).startsWith("HTTP/1.1 200").endsWith("\r\n\r\n");
    assertThat(get("OPTIONS /daemon/state/ HTTP/1.1"))
        .startsWith("HTTP/1.1 200")
        .contains("Allow: GET, HEAD, POST, OPTIONS");
    assertThat(get("PUT /state HTTP/1.1"))
        .startsWith("HTTP/1.1 405")
        .contains("Allow: GET, HEAD, POST");
    assertThat(get("GET /state?a=%zz HTTP/1.1")).startsWith("HTTP/1.1 400");
    assertThat(get("GET /none HTTP/1.1")).startsWith("HTTP/1.1 404");
    assertThat(get("OPTIONS * HTTP/1.1")).startsWith("HTTP/1.1 200");
    assertThat(get("GET * HTTP/1.1")).startsWith("HTTP/1.1 4");
  }

  @Test
  @DisplayName("a body that is too large, or that nobody wants, leaves a clear answer")
  void shouldRefuseLargeBodies() throws Exception {
    assertThat(all(send(post(BODY_MAX + 1) + "Connection: close\r\n\r\n")))
        .startsWith("HTTP/1.1 413");
    String chunks = "10000\r\n" + "y".repeat(BODY_MAX) + "\r\n1\r\nz\r\n0\r\n\r\n";
    assertThat(
            all(
                send(
                    "POST /call HTTP/1.1\r\n"
                        + HOST
                        + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + chunks)))
        .startsWith("HTTP/1.1 413");
  }

  @Test
  @DisplayName("a client that asks before it sends its body is told to go on")
  void shouldAskForBodies() throws Exception {
    Socket socket = send(post(2) + "Expect: 100-continue\r\nConnection: close\r\n\r\n");
    byte[] first = socket.getInputStream().readNBytes("HTTP/1.1 100 Continue\r\n\r\n".length());
    assertThat(new String(first, ISO_8859_1)).startsWith("HTTP/1.1 100");
    socket.getOutputStream().write("ab".getBytes(ISO_8859_1));
    assertThat(all(socket)).contains("read 2");
  }

  @Test
  @DisplayName("names that others could own are refused, and so are two names")
  void shouldCheckHost() throws Exception {
    String rest = "Connection: close\r\n\r\n";
    assertThat(all(send("GET /state HTTP/1.1\r\nHost: other.example\r\n" + rest)))
        .startsWith("HTTP/1.1 403");
    assertThat(all(send("GET /state HTTP/1.1\r\n" + HOST + HOST + rest)))
        .startsWith("HTTP/1.1 400");
  }

  @Test
  @DisplayName("an allowed origin is told so, another is told nothing; nothing may be framed")
  void shouldSayWhoMayRead() throws Exception {
    assertThat(get("OPTIONS /call HTTP/1.1\r\nOrigin: https://ops.example"))
        .contains("Access-Control-Allow-Origin: https://ops.example")
        .contains("Access-Control-Allow-Methods: GET, POST, OPTIONS");
    assertThat(get("GET /state HTTP/1.1\r\nOrigin: https://other.example"))
        .doesNotContain("Access-Control")
        .contains("X-Content-Type-Options: nosniff")
        .contains("X-Frame-Options: DENY")
        .contains("frame-ancestors 'none'");
  }

  @Test
  @DisplayName("HTTP/2 is not spoken over clear text")
  void shouldNotSpeakHttp2() throws Exception {
    assertThat(all(send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))).doesNotContain("\0");
    assertThat(
            get(
                "GET /state HTTP/1.1\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n"
                    + "Connection: Upgrade, HTTP2-Settings"))
        .doesNotContain("101");
  }
}
