package io.quorate.agent.docker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineClientTest {
  private static final Duration BOUND = Duration.ofMillis(300);

  @TempDir Path directory;

  private Path socket() {
    return directory.resolve("docker.sock");
  }

  private DockerEngine engine() {
    return new DockerEngine(new EngineClient(socket(), BOUND, BOUND));
  }

  private ServerSocketChannel daemon() throws IOException {
    ServerSocketChannel daemon = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return daemon.bind(UnixDomainSocketAddress.of(socket()));
  }

  @Test
  @DisplayName("a daemon that is not there is told with its socket")
  void shouldTellAbsence() {
    assertThatThrownBy(() -> engine().inspect("x"))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the Docker daemon at " + socket() + " does not answer: ");
  }

  @Test
  @DisplayName("a daemon that hangs is given up after the bound of a call, and of a pull")
  void shouldGiveUp() throws IOException {
    try (ServerSocketChannel daemon = daemon()) {
      assertThat(daemon.isOpen()).isTrue();
      assertThatThrownBy(() -> engine().start("x"))
          .hasMessageEndingWith("does not answer: nothing came within 300 ms");
      assertThatThrownBy(
              () -> engine().pull("a", Optional.empty(), Optional.empty(), underway -> {}))
          .hasMessageContaining("does not answer");
    }
  }

  @Test
  @DisplayName("what the daemon says of a refusal is told in its words")
  void shouldTellRefusals() throws Exception {
    try (ServerSocketChannel daemon = daemon()) {
      // given
      Thread answers =
          new Thread(
              () -> {
                String body = "{\"message\":\"port is already allocated\"}";
                try (SocketChannel call = daemon.accept()) {
                  call.read(ByteBuffer.allocate(1 << 12));
                  call.write(
                      StandardCharsets.US_ASCII.encode(
                          "HTTP/1.1 500 Error\r\nContent-Type: application/json\r\n"
                              + "Content-Length: "
                              + body.length()
                              + "\r\n\r\n"
                              + body));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      answers.start();
      // then
      assertThatThrownBy(() -> engine().start("x"))
          .isInstanceOf(EngineClient.Refusal.class)
          .hasMessage("port is already allocated");
      answers.join();
    }
  }
}
