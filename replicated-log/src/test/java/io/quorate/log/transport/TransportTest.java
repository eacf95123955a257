package io.quorate.log.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.CliRequests.ResetPeerRequest;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.impl.cli.ResetPeerRequestProcessor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls over a real Raft port. */
class TransportTest {
  private static final Duration LONG = Duration.ofSeconds(30);
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
  @DisplayName("a call is answered, and the connection is kept")
  void shouldCall() throws Exception {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    RaftClient client = ports.client(ports.options(Wire.SECRET));
    assertThat(client.checkConnection(Ports.endpoint(port))).isFalse();

    Object answer = client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);

    assertThat(answer).isInstanceOf(ErrorResponse.class);
    assertThat(client.checkConnection(Ports.endpoint(port))).isTrue();
  }

  @Test
  @DisplayName("the port is bound to the given address and to no other")
  void shouldBindGivenAddressOnly() throws IOException {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    try (Socket socket = Wire.connect(port)) {
      assertThat(socket.isConnected()).isTrue();
    }
    assertThatThrownBy(() -> new Socket("127.0.0.2", port).close())
        .isInstanceOf(ConnectException.class);
  }

  @Test
  @DisplayName("when the connection breaks, what is pending on it fails at once")
  void shouldFailPendingAtOnce() throws IOException {
    RaftServer server = ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    RaftClient client = ports.client(ports.options(Wire.SECRET));
    CompletableFuture<Throwable> outcome = new CompletableFuture<>();
    // The call's own time-out is far longer than the test waits.
    client.invokeAsync(Ports.endpoint(port), Ports.unanswered(10), null, telling(outcome), 600_000);
    await("the call has arrived").atMost(LONG).until(() -> ports.unanswered.get() == 1);

    server.shutdown();

    assertThat(outcome.orTimeout(30, java.util.concurrent.TimeUnit.SECONDS).join())
        .isNotInstanceOf(InvokeTimeoutException.class)
        .hasMessageContaining("broken");
  }

  @Test
  @DisplayName("a call that timed out no longer counts as pending")
  void shouldForgetTimedOutCalls() throws Exception {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    RaftClient client =
        ports.client(new TransportOptions(ports.keep(Wire.vertx()), Wire.SECRET, 1 << 20, 2, 64));
    client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);
    for (int i = 0; i < 3; i++) {
      assertThatThrownBy(
              () -> client.invokeSync(Ports.endpoint(port), Ports.unanswered(10), null, 50))
          .isInstanceOf(InvokeTimeoutException.class);
    }
    assertThat(client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS))
        .isInstanceOf(ErrorResponse.class);
  }

  @Test
  @DisplayName("no more calls are pending on a connection than are allowed")
  void shouldBoundPending() throws Exception {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    RaftClient client =
        ports.client(new TransportOptions(ports.keep(Wire.vertx()), Wire.SECRET, 1 << 20, 2, 64));
    client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);
    for (int i = 0; i < 2; i++) {
      client.invokeAsync(
          Ports.endpoint(port),
          Ports.unanswered(10),
          null,
          telling(new CompletableFuture<>()),
          600_000);
    }
    assertThatThrownBy(
            () -> client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS))
        .isInstanceOf(RemotingException.class)
        .hasMessageContaining("2 requests are pending");
  }

  @Test
  @DisplayName("a frame larger than allowed breaks the connection, also a member's")
  void shouldRefuseOversizedFrame() throws Exception {
    TransportOptions small =
        new TransportOptions(ports.keep(Wire.vertx()), Wire.SECRET, 4096, 100, 64);
    ports.serve(small, Wire.LOOPBACK, port);
    RaftClient client = ports.client(ports.options(Wire.SECRET));
    client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);

    assertThatThrownBy(
            () ->
                client.invokeSync(Ports.endpoint(port), Ports.unanswered(5000), null, CALL_MILLIS))
        .isInstanceOf(RemotingException.class)
        .isNotInstanceOf(InvokeTimeoutException.class);
    assertThat(ports.unanswered).hasValue(0);
  }

  @Test
  @DisplayName("the Raft port does not change the membership, whoever asks")
  void shouldNotServeMembership() throws Exception {
    RaftServer server = ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    server.registerProcessor(new ResetPeerRequestProcessor(Runnable::run));
    RaftClient client = ports.client(ports.options(Wire.SECRET));
    ResetPeerRequest request =
        ResetPeerRequest.newBuilder().setGroupId("quorate").setPeerId("a").addNewPeers("b").build();

    assertThatThrownBy(() -> client.invokeSync(Ports.endpoint(port), request, null, CALL_MILLIS))
        .isInstanceOf(RemotingException.class)
        .hasMessageContaining("not served");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.alipay.remoting.rpc.RpcServer",
        "com.alipay.remoting.rpc.RpcClient",
        "com.caucho.hessian.io.Hessian2Input",
        "com.alipay.hessian.ClassNameResolver"
      })
  @DisplayName("the stock transport and its serializer are not on the class path")
  void shouldNotCarryStockTransport(String name) {
    assertThatThrownBy(() -> Class.forName(name)).isInstanceOf(ClassNotFoundException.class);
  }

  private static InvokeCallback telling(CompletableFuture<Throwable> outcome) {
    return new InvokeCallback() {
      @Override
      public void complete(Object result, Throwable failure) {
        outcome.complete(failure);
      }

      @Override
      public Executor executor() {
        return Runnable::run;
      }
    };
  }
}
