package io.quorate.master.leader;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.log.NotLeaderException;
import io.quorate.log.OverloadedException;
import io.quorate.master.event.Call;
import io.quorate.master.event.CloseStream;
import io.quorate.master.event.SchedulerCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The loop of the leader, over a log that commits and fails as each test says. */
class LeaderLoopTest {
  private static final String CORE = "core-of-the-test";
  private static final long TERM = 1;
  private static final int WAITING_CALLS_MAX = LoopSettings.DEFAULT.bounds().waitingCallsMax();

  private final ScheduledExecutorService core =
      Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, CORE));
  private final LeaderLoop loop =
      new LeaderLoop(
          MasterInfo.newBuilder().setId("m").setIp(1).setPort(5050).setHostname("m").build(),
          LoopSettings.DEFAULT,
          new LeaderEnvironment(
              () -> 1_000_000_000L, System::nanoTime, core, Runnable::run, () -> "cluster"),
          new Ignored<Event>(),
          new Ignored<AgentEvent>());
  private final ScriptedLog log = new ScriptedLog(loop.machine());

  /** Streams that nobody reads. */
  private static final class Ignored<E> implements EventSink<E> {
    @Override
    public void send(String streamId, E event) {}

    @Override
    public void end(String streamId) {}

    @Override
    public void endAll() {}
  }

  @BeforeEach
  void lead() {
    loop.start(log);
    coreIsIdle();
    loop.onLeading(TERM);
    await("the lead", () -> loop.view().leading());
  }

  @AfterEach
  void stop() {
    loop.close();
    log.close();
  }

  // -- Bounds -----------------------------------------------------------------------------------

  @Test
  @DisplayName("calls beyond the bound are turned away, not done, while the log stalls")
  void shouldTurnAwayWhatIsBeyondTheBoundWhileTheLogStalls() {
    // given
    log.stall();

    // when
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 50_000; i++) {
      answers.add(loop.submit(subscribe("web", "stream-" + i)));
    }
    coreIsIdle();

    // then
    assertThat(answers.stream().filter(LeaderLoopTest::overloaded))
        .hasSize(50_000 - WAITING_CALLS_MAX);
    log.flow();
    await(
        "all that was taken is answered",
        () -> answers.stream().allMatch(CompletableFuture::isDone));
    assertThat(answers.stream().filter(answer -> !answer.isCompletedExceptionally()))
        .hasSize(WAITING_CALLS_MAX);
  }

  @Test
  @DisplayName("calls beyond the bound of bytes are turned away while the log stalls")
  void shouldTurnAwayWhatIsBeyondTheBoundOfBytes() {
    // given
    log.stall();
    String mebibyte = "x".repeat(1 << 20);

    // when
    List<CompletableFuture<Answer>> answers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      answers.add(loop.submit(subscribe(mebibyte, "stream-" + i)));
    }
    coreIsIdle();

    // then
    assertThat(answers.stream().filter(LeaderLoopTest::overloaded)).hasSize(100 - 63);
  }

  @Test
  @DisplayName("the end of a stream is taken, and done, though there is no place for another call")
  void shouldTakeTheEndOfAStreamBeyondTheBound() {
    // given
    loop.submit(subscribe("web", "s1")).orTimeout(10, TimeUnit.SECONDS).join();
    String id = loop.machine().committed().frameworks().values().iterator().next().id().value();
    log.stall();
    for (int i = 0; i < WAITING_CALLS_MAX; i++) {
      var unused = loop.submit(subscribe("other", "other-" + i));
    }

    // when
    CompletableFuture<Answer> closed =
        loop.submit(
            Call.newBuilder()
                .setCloseStream(CloseStream.newBuilder().setFrameworkId(id).setStreamId("s1"))
                .build());
    log.flow();

    // then
    assertThat(closed.orTimeout(60, TimeUnit.SECONDS).join()).isInstanceOf(Answer.Accepted.class);
  }

  // -- The core thread --------------------------------------------------------------------------

  @Test
  @DisplayName("a refusal that waits for a commit is settled on the core thread")
  void shouldSettleRefusalsOnTheCoreThread() {
    // given
    log.stall();
    CompletableFuture<Answer> subscribed = loop.submit(subscribe("web", "s1"));
    await("the entry in flight", () -> log.waitingEntries() == 1);

    // when
    CompletableFuture<String> settledOn = settledOn(loop.submit(teardownOfNobody()));
    coreIsIdle();
    log.commitNext();

    // then
    assertThat(settledOn.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(CORE);
    assertThat(subscribed.orTimeout(10, TimeUnit.SECONDS).join())
        .isInstanceOf(Answer.Accepted.class);
  }

  @Test
  @DisplayName("what is accepted without an event is settled on the core thread")
  void shouldSettleWhatCausedNothingOnTheCoreThread() {
    // given
    log.stall();
    loop.submit(subscribe("web", "s1"));
    await("the entry in flight", () -> log.waitingEntries() == 1);

    // when
    CompletableFuture<String> settledOn = settledOn(loop.submit(closeOfNobody()));
    coreIsIdle();
    log.commitNext();

    // then
    assertThat(settledOn.orTimeout(10, TimeUnit.SECONDS).join()).isEqualTo(CORE);
  }

  // -- Entries that do not follow ---------------------------------------------------------------

  @Test
  @DisplayName("an entry that was decided on one whose append failed is not taken")
  void shouldNotTakeWhatWasDecidedOnALostEntry() {
    // given
    log.stall();
    CompletableFuture<Answer> lost = loop.submit(subscribe("lost", "s1"));
    await("the first entry in flight", () -> log.waitingEntries() == 1);
    CompletableFuture<Answer> onTop = loop.submit(subscribe("on top", "s2"));
    await("the second entry in flight", () -> log.waitingEntries() == 2);

    // when
    log.failNext(new OverloadedException("the log is busy"));
    log.commitNext();
    log.flow();

    // then
    await("both answers", () -> lost.isDone() && onTop.isDone());
    assertThat(loop.machine().committed().frameworks().values()).isEmpty();
    assertThatThrownBy(onTop::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(NotLeaderException.class);
    await("the lead again, in the same term", () -> loop.view().leading());
    assertThat(loop.submit(subscribe("later", "s3")).orTimeout(10, TimeUnit.SECONDS).join())
        .isInstanceOf(Answer.Accepted.class);
  }

  // -- Words of the tests -----------------------------------------------------------------------

  private static Call subscribe(String name, String streamId) {
    io.quorate.protocol.v1.scheduler.Call.Builder call =
        io.quorate.protocol.v1.scheduler.Call.newBuilder()
            .setType(io.quorate.protocol.v1.scheduler.Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder()
        .setFrameworkInfo(
            FrameworkInfo.newBuilder().setName(name).setUser("u").setFailoverTimeout(600));
    return Call.newBuilder()
        .setScheduler(SchedulerCall.newBuilder().setCall(call).setStreamId(streamId))
        .build();
  }

  private static Call teardownOfNobody() {
    return Call.newBuilder()
        .setScheduler(
            SchedulerCall.newBuilder()
                .setCall(
                    io.quorate.protocol.v1.scheduler.Call.newBuilder()
                        .setType(io.quorate.protocol.v1.scheduler.Call.Type.TEARDOWN)
                        .setFrameworkId(FrameworkID.newBuilder().setValue("nobody"))))
        .build();
  }

  private static Call closeOfNobody() {
    return Call.newBuilder()
        .setCloseStream(CloseStream.newBuilder().setFrameworkId("nobody").setStreamId("none"))
        .build();
  }

  private static CompletableFuture<String> settledOn(CompletableFuture<Answer> answer) {
    return answer.handle((done, failure) -> Thread.currentThread().getName());
  }

  private static boolean overloaded(CompletableFuture<Answer> answer) {
    return answer.isCompletedExceptionally()
        && answer.handle((done, failure) -> failure).join() instanceof OverloadedException;
  }

  /** All that was handed to the core thread before is done. */
  private void coreIsIdle() {
    CompletableFuture.runAsync(() -> {}, core).orTimeout(60, TimeUnit.SECONDS).join();
  }

  private void await(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waiting for %s", what).isLessThan(deadline);
      coreIsIdle();
    }
  }
}
