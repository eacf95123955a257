package io.quorate.agent.executor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections of this very process, which are below whoever started it, and below nobody else. */
class ContainerSocketsTest {
  private static final ContainerSockets SOCKETS = new ContainerSockets(Path.of("/proc"));
  private static final long OWN = ProcessHandle.current().pid();
  private static final long PARENT = ProcessHandle.current().parent().orElseThrow().pid();

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"127.0.0.1", "::1"})
  @DisplayName("a connection belongs to the processes below a supervisor, whichever IP it is of")
  void shouldKnowWhoseConnectionItIs(String loopback) throws IOException {
    // given
    InetAddress address = InetAddress.getByName(loopback);
    try (ServerSocket server = new ServerSocket(0, 1, address);
        Socket client = new Socket(address, server.getLocalPort())) {
      InetSocketAddress from = new InetSocketAddress(address, client.getLocalPort());
      InetSocketAddress to = new InetSocketAddress(address, server.getLocalPort());
      // when, then
      assertThat(SOCKETS.holds(PARENT, from, to)).isTrue();
      assertThat(SOCKETS.holds(OWN, from, to)).as("nobody is below this process").isFalse();
      assertThat(SOCKETS.holds(PARENT, from, new InetSocketAddress(address, 1))).isFalse();
      assertThat(SOCKETS.holds(Long.MAX_VALUE, from, to)).isFalse();
    }
  }

  @Test
  @DisplayName("where nothing can be found out, nothing is proven")
  void shouldProveNothingWithoutTheKernel() {
    // given
    ContainerSockets blind = new ContainerSockets(Path.of("/nonexistent"));
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    // when, then
    assertThat(blind.holds(1, address, address)).isFalse();
  }
}
