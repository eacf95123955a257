package io.quorate.log.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import io.quorate.log.wire.Frame;
import io.quorate.log.wire.Response;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Somebody on the wire between two members, who does not know the secret. */
class MeddlerTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final long CALL_MILLIS = 20_000;
  private static final String MEMBER = "member.test";
  private static final String MEDDLER = "127.0.0.2";

  private Ports ports;
  private Meddler meddler;
  private RaftClient client;
  private int port;

  @BeforeEach
  void open() throws Exception {
    ports = new Ports();
    port = Wire.freePort();
    // A name with two addresses: what is proven covers it.
    ports.serve(
        TransportOptions.of(ports.keep(Wire.vertxWhere(MEMBER, Wire.LOOPBACK)), Wire.SECRET),
        MEMBER,
        port);
    meddler = new Meddler(MEDDLER, port, port);
    client =
        ports.client(
            TransportOptions.of(ports.keep(Wire.vertxWhere(MEMBER, MEDDLER)), Wire.SECRET));
    assertThat(ping()).isInstanceOf(ErrorResponse.class);
    assertThat(meddler.connections()).isEqualTo(1);
  }

  @AfterEach
  void close() throws IOException {
    meddler.close();
    ports.close();
  }

  private Object ping() throws Exception {
    return client.invokeSync(member(), Ports.ping(), null, 5_000);
  }

  private void callUnanswered(TimeoutNowRequest request) {
    client.invokeAsync(
        member(),
        request,
        null,
        new InvokeCallback() {
          @Override
          public void complete(Object result, Throwable failure) {}

          @Override
          public Executor executor() {
            return Runnable::run;
          }
        },
        CALL_MILLIS);
  }

  private Endpoint member() {
    return new Endpoint(MEMBER, port);
  }

  /** A call gets through again, on another connection than the one that was meddled with. */
  private void getsThroughAnew() {
    await("a call on a new connection")
        .atMost(LONG)
        .until(
            ignoring(
                () -> {
                  ping();
                  return meddler.connections() == 2;
                }));
  }

  private static Callable<Boolean> ignoring(Callable<Boolean> attempt) {
    return () -> {
      try {
        return attempt.call();
      } catch (RemotingException e) {
        return false;
      }
    };
  }

  private static byte[] plain(Frame frame) {
    return Frames.encode(frame).getBytes();
  }

  @Test
  @DisplayName("what members say cannot be read on the wire")
  void shouldBeSecret() throws Exception {
    String canary = "canary of the wire";
    callUnanswered(Ports.unanswered(1).toBuilder().setGroupId(canary).build());
    await("the call has arrived").atMost(LONG).until(() -> ports.unanswered.get() == 1);

    assertThat(new String(meddler.all(), StandardCharsets.ISO_8859_1))
        .doesNotContain(canary)
        .doesNotContain("RpcRequests");
  }

  @Test
  @DisplayName("an injected request is not handled, and ends only its connection")
  void shouldRefuseInjectedRequest() throws Exception {
    meddler.toServer(plain(Wire.request(7, Ports.unanswered(1))));

    getsThroughAnew();
    assertThat(ports.unanswered).hasValue(0);
  }

  @Test
  @DisplayName("an injected answer is believed by nobody, and ends only its connection")
  void shouldRefuseInjectedAnswer() throws Exception {
    ErrorResponse lie = ErrorResponse.newBuilder().setErrorCode(99).build();
    for (int i = 0; i < 4; i++) {
      meddler.toCaller(
          plain(
              Frame.newBuilder()
                  .setResponse(
                      Response.newBuilder()
                          .setId(2 + i)
                          .setType(lie.getClass().getName())
                          .setPayload(lie.toByteString()))
                  .build()));
    }

    await("a true answer")
        .atMost(LONG)
        .until(ignoring(() -> ((ErrorResponse) ping()).getErrorCode() == 0));
    getsThroughAnew();
  }

  @Test
  @DisplayName("an injected length of megabytes does not make a member wait for them")
  void shouldNotWaitForInjectedLength() throws Exception {
    meddler.toServer(ByteBuffer.allocate(20).putInt(60 << 20).array());

    getsThroughAnew();
  }

  @Test
  @DisplayName("nor does one in the place of an answer make the caller wait")
  void shouldNotWaitForInjectedLengthOfAnswer() throws Exception {
    meddler.toCaller(ByteBuffer.allocate(20).putInt(60 << 20).array());

    getsThroughAnew();
  }

  @Test
  @DisplayName("a few injected bytes do not make a member wait for the rest of a length")
  void shouldNotWaitForTheRestOfALength() throws Exception {
    meddler.toServer(new byte[] {0x7f, -1, -1, -1});

    // Nobody says anything more: only the time can be what ends it.
    await("its end").atMost(Duration.ofSeconds(10)).until(meddler::ended);
    getsThroughAnew();
  }

  @Test
  @DisplayName("a recorded request, sent again, is not handled again")
  void shouldRefuseReplayedRequest() throws Exception {
    int before = ports.pings.get();
    meddler.toServer(meddler.lastOfCaller());

    getsThroughAnew();
    // One by each call that was answered, none by the record.
    assertThat(ports.pings.get() - before).isLessThanOrEqualTo(meddler.connections());
  }

  @Test
  @DisplayName("a recorded answer, sent again, ends only its connection")
  void shouldRefuseReplayedAnswer() throws Exception {
    meddler.toCaller(meddler.lastOfServer());

    getsThroughAnew();
  }

  @Test
  @DisplayName("a request is handled as it was sent or not at all")
  void shouldRefuseChangedRequest() throws Exception {
    int before = ports.pings.get();
    meddler.change(
        said -> {
          byte[] changed = said.clone();
          changed[changed.length - 20] ^= 1;
          return changed;
        });
    try {
      ping();
    } catch (RemotingException e) {
      assertThat(ports.pings).hasValue(before);
    }

    getsThroughAnew();
  }

  @Test
  @DisplayName("what was left out is missed: nothing that follows is handled")
  void shouldMissWhatWasLeftOut() throws Exception {
    int before = ports.pings.get();
    meddler.change(said -> new byte[0]);
    callUnanswered(Ports.unanswered(1));
    await("it was swallowed").atMost(LONG).until(() -> meddler.lastOfCaller().length > 0);

    getsThroughAnew();
    assertThat(ports.unanswered).hasValue(0);
    assertThat(ports.pings.get() - before).isLessThanOrEqualTo(meddler.connections());
  }

  @Test
  @DisplayName("the record of a whole connection opens nothing on another one")
  void shouldRefuseReplayedConnection() throws Exception {
    byte[] record = meddler.all();
    int before = ports.pings.get();
    try (var socket = Wire.connect(port)) {
      socket.getOutputStream().write(record);
      assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(200);
    }

    assertThat(ports.pings).hasValue(before);
  }
}
