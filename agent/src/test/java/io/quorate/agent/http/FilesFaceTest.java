package io.quorate.agent.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.agent.flags.FilesSettings;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FilesFaceTest {
  private static final int DOWNLOADS_MAX = 3;

  @TempDir Path directory;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private Path sandbox;
  private HttpServer server;

  @BeforeEach
  void start() throws Exception {
    Path slaves = directory.resolve("slaves");
    sandbox = Files.createDirectories(slaves.resolve("S0/frameworks/F/executors/E/runs/R"));
    FilesFace face =
        new FilesFace(vertx, slaves, new FilesSettings(100, DOWNLOADS_MAX), () -> "S0");
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  switch (request.path()) {
                    case "/files/download" -> face.download(request);
                    case "/files/browse" -> face.browse(request);
                    default -> face.read(request);
                  }
                });
    server.listen(0, "127.0.0.1").toCompletionStage().toCompletableFuture().get();
  }

  @AfterEach
  void stop() throws Exception {
    vertx.close().toCompletionStage().toCompletableFuture().get();
  }

  private <B> HttpResponse<B> get(String call, String file, HttpResponse.BodyHandler<B> body)
      throws IOException, InterruptedException {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + server.actualPort() + "/files/" + call + sandbox + "/" + file);
    return client.send(HttpRequest.newBuilder(uri).build(), body);
  }

  private HttpResponse<InputStream> download(String file) throws Exception {
    return get("download?path=", file, HttpResponse.BodyHandlers.ofInputStream());
  }

  @Test
  @DisplayName("files larger than the heap are downloaded piece by piece")
  void shouldSendPieceByPiece() throws Exception {
    // given
    long bytes = Runtime.getRuntime().maxMemory() + (1L << 30);
    try (RandomAccessFile big = new RandomAccessFile(sandbox.resolve("big").toFile(), "rw")) {
      big.setLength(bytes);
    }
    // when
    HttpResponse<InputStream> answer = download("big");
    // then
    assertThat(answer.headers().firstValueAsLong("Content-Length")).hasValue(bytes);
    try (InputStream body = answer.body()) {
      assertThat(body.readNBytes(10 << 20)).hasSize(10 << 20).containsOnly(0);
    }
  }

  @Test
  @DisplayName("a download has all bytes of the file, of an empty one as well")
  void shouldSendAll() throws Exception {
    byte[] content = new byte[300_001];
    new Random(1).nextBytes(content);
    Files.write(sandbox.resolve("file"), content);
    Files.createFile(sandbox.resolve("empty"));
    try (InputStream body = download("file").body()) {
      assertThat(body.readAllBytes()).isEqualTo(content);
    }
    try (InputStream body = download("empty").body()) {
      assertThat(body.readAllBytes()).isEmpty();
    }
  }

  @Test
  @DisplayName("what is no regular file is 404 at once, a folder 400, and the port goes on serving")
  void shouldRefuseFifos() throws Exception {
    assertThat(new ProcessBuilder("mkfifo", sandbox + "/fifo").start().waitFor()).isZero();
    Files.writeString(sandbox.resolve("file"), "x");
    for (int time = 0; time < 50; time++) {
      assertThat(download("fifo").statusCode()).isEqualTo(404);
      assertThat(
              get("read?offset=0&path=", "fifo", HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(404);
    }
    assertThat(download(".").statusCode()).isEqualTo(400);
    assertThat(get("read?path=", ".", HttpResponse.BodyHandlers.discarding()).statusCode())
        .isEqualTo(400);
    assertThat(get("read?offset=0&path=", "file", HttpResponse.BodyHandlers.ofString()).body())
        .isEqualTo("{\"data\":\"x\",\"offset\":0}");
    assertThat(get("browse?path=", "", HttpResponse.BodyHandlers.ofString()).body())
        .contains("\"nlink\":1");
  }

  @Test
  @DisplayName("one download more than --max_file_downloads is 503 until another one ends")
  void shouldBoundDownloads() throws Exception {
    // given
    try (RandomAccessFile big = new RandomAccessFile(sandbox.resolve("big").toFile(), "rw")) {
      big.setLength(1L << 30);
    }
    Files.writeString(sandbox.resolve("small"), "x");
    List<InputStream> open = new ArrayList<>();
    for (int time = 0; time < DOWNLOADS_MAX; time++) {
      HttpResponse<InputStream> answer = download("big");
      assertThat(answer.statusCode()).isEqualTo(200);
      open.add(answer.body());
    }
    // when // then
    assertThat(download("small").statusCode()).isEqualTo(503);
    for (InputStream body : open) {
      body.close();
    }
    int status = 503;
    for (int time = 0; time < 1_000 && status == 503; time++) {
      status = download("small").statusCode();
    }
    assertThat(status).isEqualTo(200);
  }
}
