package io.quorate.log.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.CliRequests.ResetPeerRequest;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.impl.cli.ResetPeerRequestProcessor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
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

    for (int i = 0; i < 3; i++) {
      assertThat(client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS))
          .isInstanceOf(ErrorResponse.class);
    }

    assertThat(ports.callers).hasSize(1);
  }

  @Test
  @DisplayName("a burst of small calls is answered, every one, on one connection")
  void shouldCallInBursts() throws Exception {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    RaftClient client = ports.client(ports.options(Wire.SECRET));
    client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);
    List<CompletableFuture<Throwable>> outcomes = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      CompletableFuture<Throwable> outcome = new CompletableFuture<>();
      outcomes.add(outcome);
      client.invokeAsync(Ports.endpoint(port), Ports.ping(), null, telling(outcome), 600_000);
    }
    await("all answers")
        .atMost(LONG)
        .until(() -> outcomes.stream().allMatch(outcome -> outcome.isDone()));
    assertThat(outcomes).allMatch(outcome -> outcome.join() == null);
    assertThat(ports.callers).hasSize(1);
  }

  @Test
  @DisplayName("who asks for the connection to a silent member does not wait for it")
  void shouldNotWaitForConnection() throws IOException {
    // Takes the connection, and never says who it is.
    try (ServerSocket silent = new ServerSocket(port, 1, InetAddress.getByName(Wire.LOOPBACK))) {
      RaftClient client = ports.client(ports.options(Wire.SECRET));

      assertThat(client.checkConnection(Ports.endpoint(port))).isTrue();

      assertThatThrownBy(
              () ->
                  client.invokeSync(Ports.endpoint(silent.getLocalPort()), Ports.ping(), null, 50))
          .isInstanceOf(InvokeTimeoutException.class);
    }
  }

  @Test
  @DisplayName("appends are handled in the order of their connection, and hold up nothing else")
  void shouldKeepOrderOfAppends() throws Exception {
    int appends = 20;
    List<Long> handled = new CopyOnWriteArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(appends + 1);
    RaftServer server = ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    server.registerProcessor(
        new RpcProcessor<AppendEntriesRequest>() {
          @Override
          public void handleRequest(RpcContext context, AppendEntriesRequest request) {
            if (request.getPrevLogIndex() == 0) {
              // Sent last, so all of them have arrived.
              await("the ping").atMost(LONG).until(() -> ports.pings.get() == 1);
            }
            handled.add(request.getPrevLogIndex());
          }

          @Override
          public String interest() {
            return AppendEntriesRequest.class.getName();
          }

          @Override
          public Executor executor() {
            return threads;
          }
        });
    RaftClient client = ports.client(ports.options(Wire.SECRET));
    client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);
    ports.pings.set(0);
    for (int i = 0; i < appends; i++) {
      client.invokeAsync(
          Ports.endpoint(port), append(i), null, telling(new CompletableFuture<>()), 600_000);
    }
    client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);

    await("all appends").atMost(LONG).until(() -> handled.size() == appends);
    assertThat(handled).isSorted();
    threads.shutdownNow();
  }

  private static AppendEntriesRequest append(long previous) {
    return AppendEntriesRequest.newBuilder()
        .setGroupId("quorate")
        .setServerId("a")
        .setPeerId("b")
        .setTerm(1)
        .setPrevLogTerm(1)
        .setPrevLogIndex(previous)
        .setCommittedIndex(0)
        .build();
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
          // By its time, or because the connection of the one before is being given up.
          .isInstanceOf(RemotingException.class);
    }
    assertThat(client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS))
        .isInstanceOf(ErrorResponse.class);
  }

  @Test
  @DisplayName("a connection on which a call timed out and nothing was heard is made anew")
  void shouldLeaveStalledConnection() throws Exception {
    ports.serve(ports.options(Wire.SECRET), Wire.LOOPBACK, port);
    RaftClient client = ports.client(ports.options(Wire.SECRET));
    client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);
    assertThatThrownBy(
            () -> client.invokeSync(Ports.endpoint(port), Ports.unanswered(10), null, 50))
        .isInstanceOf(InvokeTimeoutException.class);

    await("a call on another connection")
        .atMost(LONG)
        .until(
            () -> {
              try {
                client.invokeSync(Ports.endpoint(port), Ports.ping(), null, CALL_MILLIS);
              } catch (RemotingException e) {
                // Still the one that is being given up.
                return false;
              }
              return ports.callers.size() == 2;
            });
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
