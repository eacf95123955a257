package io.quorate.log.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.google.protobuf.ByteString;
import io.quorate.log.wire.Challenge;
import io.quorate.log.wire.Frame;
import io.quorate.log.wire.Hello;
import io.quorate.log.wire.Proof;
import io.quorate.log.wire.Welcome;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Those who do not know the cluster's secret, on either side of a connection. */
class StrangersTest {
  private static final long CALL_MILLIS = 20_000;

  private Ports ports;
  private int port;

  @BeforeEach
  void open() throws IOException {
    ports = new Ports();
    port = Wire.freePort();
  }

  @AfterEach
  void close() {
    ports.close();
  }

  @Test
  @DisplayName("a member with another secret is refused, and nothing of it is handled")
  void shouldRefuseOtherSecret() {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    RaftClient client = ports.client(ports.options(Wire.OTHER_SECRET));

    assertThatThrownBy(
            () -> client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS))
        .isInstanceOf(RemotingException.class)
        .isNotInstanceOf(InvokeTimeoutException.class);
    assertThat(ports.pings).hasValue(0);
  }

  @Test
  @DisplayName("a caller that cannot prove itself is closed, and its request is not handled")
  void shouldRefuseFalseProof() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      ByteString nonce = SessionKeys.fresh().nonce();
      Wire.write(socket, hello(nonce));
      Challenge challenge = Wire.read(socket).getChallenge();
      ByteString mac =
          Handshake.mac(
              Wire.OTHER_SECRET, "client", Wire.LOOPBACK + ":" + port, nonce, challenge.getNonce());
      Wire.write(socket, proof(mac));
      try {
        Wire.write(socket, Wire.request(1, Ports.ping()));
      } catch (SocketException closedAlready) {
        assertThat(closedAlready).hasMessageContaining("Broken pipe");
      }
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
    assertThat(ports.pings).hasValue(0);
  }

  @Test
  @DisplayName("the port's own proof, sent back, proves nothing")
  void shouldRefuseReflectedProof() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      Wire.write(socket, hello(SessionKeys.fresh().nonce()));
      Wire.write(socket, proof(Wire.read(socket).getChallenge().getMac()));
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
  }

  @Test
  @DisplayName("a proof once overheard is worth nothing on another connection")
  void shouldRefuseReplayedProof() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    ByteString nonce = SessionKeys.fresh().nonce();
    ByteString overheard;
    try (Socket socket = Wire.connect(port)) {
      Wire.write(socket, hello(nonce));
      overheard =
          Handshake.mac(
              Wire.SECRET,
              "client",
              Wire.LOOPBACK + ":" + port,
              nonce,
              Wire.read(socket).getChallenge().getNonce());
      Wire.write(socket, proof(overheard));
      assertThat(Wire.read(socket).hasWelcome()).isTrue();
    }
    try (Socket socket = Wire.connect(port)) {
      Wire.write(socket, hello(nonce));
      assertThat(Wire.read(socket).hasChallenge()).isTrue();
      Wire.write(socket, proof(overheard));
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
  }

  @Test
  @DisplayName("a nonce of another length is refused: it could shift what is signed")
  void shouldRefuseOddNonce() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      Wire.write(socket, hello(ByteString.copyFromUtf8("short")));
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
  }

  @Test
  @DisplayName("a request before the proof closes the connection and is not handled")
  void shouldRefuseRequestBeforeProof() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      Wire.write(socket, Wire.request(1, Ports.ping()));
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
    assertThat(ports.pings).hasValue(0);
  }

  @Test
  @DisplayName("garbage closes the connection")
  void shouldRefuseGarbage() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.UTF_8));
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
  }

  @Test
  @DisplayName("a stranger cannot make the port hold a large frame")
  void shouldBoundStrangersFrames() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      // Far below what a member may send, and no byte of the body follows: only the announced
      // length can be what closes it this soon.
      socket.setSoTimeout(3_000);
      new DataOutputStream(socket.getOutputStream()).writeInt(100_000);
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
  }

  @Test
  @DisplayName("a stranger that says nothing is closed in time")
  void shouldCloseSilentStranger() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      assertThat(Wire.closedByOther(socket)).isTrue();
    }
  }

  @Test
  @DisplayName("no more strangers are borne than allowed: a newcomer ends the oldest")
  void shouldBoundStrangers() throws Exception {
    TransportOptions four =
        new TransportOptions(ports.keep(Wire.vertx()), Wire.SECRET, 1 << 20, 100, 4);
    ports.serve(four, Wire.LOOPBACK, port);
    List<Socket> strangers = new ArrayList<>();
    try {
      for (int i = 0; i < 3; i++) {
        Socket stranger = Wire.connect(port);
        strangers.add(stranger);
        // The answer shows that the port has counted it.
        Wire.write(stranger, hello(SessionKeys.fresh().nonce()));
        assertThat(Wire.read(stranger).hasChallenge()).isTrue();
      }
      // Half of four may come from one address.
      strangers.get(0).setSoTimeout(2_000);
      assertThat(Wire.closedByOther(strangers.get(0))).isTrue();
    } finally {
      for (Socket stranger : strangers) {
        stranger.close();
      }
    }
  }

  @Test
  @DisplayName("members get in while strangers hold more connections than are borne")
  void shouldLetMembersInThroughStrangers() throws Exception {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Flood flood = new Flood(port, 700)) {
      flood.awaitFull();
      for (int i = 0; i < 20; i++) {
        RaftClient client = ports.client(ports.options(Wire.SECRET));
        await("a member gets in").atMost(Duration.ofSeconds(30)).until(() -> getsIn(client));
      }
    }
    assertThat(ports.callers).hasSize(20);
  }

  /** A member tries again when its connection ends, as any of them can in such a crowd. */
  private boolean getsIn(RaftClient client) throws Exception {
    try {
      return client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS) != null;
    } catch (RemotingException e) {
      return false;
    }
  }

  @Test
  @DisplayName("a server that only says welcome, and proves nothing, is sent no request")
  void shouldNotTrustWelcomeAlone() throws Exception {
    refusesImpostor(hello -> Frame.newBuilder().setWelcome(Welcome.getDefaultInstance()).build());
  }

  @Test
  @DisplayName("a server that does not know the secret is sent no proof and no request")
  void shouldNotTrustFalseChallenge() throws Exception {
    refusesImpostor(
        hello ->
            Frame.newBuilder()
                .setChallenge(
                    Challenge.newBuilder()
                        .setNonce(hello.getHello().getNonce())
                        .setMac(SessionKeys.fresh().nonce()))
                .build());
  }

  /** One who has taken a member's port answers HELLO so. It must be closed without another word. */
  private void refusesImpostor(UnaryOperator<Frame> answer) throws Exception {
    AtomicInteger said = new AtomicInteger();
    try (ServerSocket impostor = new ServerSocket(port, 1, InetAddress.getByName(Wire.LOOPBACK))) {
      Thread thread = new Thread(() -> impersonate(impostor, answer, said));
      thread.start();
      RaftClient client = ports.client(ports.options(Wire.SECRET));

      assertThatThrownBy(() -> client.invokeSync(Ports.endpoint(port), Ports.ping(), null, 3_000))
          .isInstanceOf(RemotingException.class)
          .isNotInstanceOf(InvokeTimeoutException.class);
      thread.join(Wire.READ_MILLIS_MAX);
      assertThat(said).hasValue(0);
    }
  }

  /** Counts the bytes that come after its answer; zero means that the client just closed. */
  private static void impersonate(
      ServerSocket impostor, UnaryOperator<Frame> answer, AtomicInteger said) {
    try (Socket socket = impostor.accept()) {
      socket.setSoTimeout(Wire.READ_MILLIS_MAX);
      Wire.write(socket, answer.apply(Wire.read(socket)));
      if (!Wire.closedByOther(socket)) {
        said.incrementAndGet();
      }
    } catch (IOException e) {
      said.addAndGet(1000);
    }
  }

  private static Frame hello(ByteString nonce) {
    return Frame.newBuilder().setHello(Hello.newBuilder().setNonce(nonce)).build();
  }

  private static Frame proof(ByteString mac) {
    return Frame.newBuilder().setProof(Proof.newBuilder().setMac(mac)).build();
  }
}
