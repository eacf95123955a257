package io.quorate.driver.mesos.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.driver.search.LeaderSearch;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.OperationID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the scheduler driver decides; its bytes are read with the messages of the masters. */
class SchedulerCoreTest {
  private static final TaskInfo TASK =
      TaskInfo.newBuilder()
          .setName("t")
          .setTaskId(TaskID.newBuilder().setValue("task-1"))
          .setAgentId(AgentID.newBuilder().setValue("agent-1"))
          .build();

  private final List<String> told = new ArrayList<>();
  private SchedulerCore core = core(true);

  private static SchedulerCore core(boolean implicit) {
    FrameworkInfo framework = FrameworkInfo.newBuilder().setUser("u").setName("f").build();
    return new SchedulerCore(
        framework.toByteArray(), List.of(), implicit, new LeaderSearch(List.of("m:1"), () -> 0));
  }

  @Test
  @DisplayName("CP-430: the first subscription is registered, later ones are reregistered")
  void shouldTellFirstAndLaterSubscriptionsApart() throws Exception {
    // given
    core.start();

    // when
    subscribed();
    core.broke();
    subscribed();
    deliver();

    // then
    assertThat(told).containsExactly("registered fw-1", "disconnected", "reregistered");
    assertThat(Call.parseFrom(core.subscription()).getFrameworkId().getValue()).isEqualTo("fw-1");
  }

  @Test
  @DisplayName("CP-431: disconnected is called only after a registration")
  void shouldNotSayDisconnectedBeforeARegistration() {
    // given
    core.start();

    // when
    core.attempt(0);
    core.broke();
    deliver();

    // then
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("CP-433: error is called after the driver is aborted, and nothing after it")
  void shouldBeAbortedWhenErrorIsCalled() {
    // given
    core.start();
    subscribed();
    deliver();

    // when
    core.event(
        Event.newBuilder()
            .setType(Event.Type.ERROR)
            .setError(Event.Error.newBuilder().setMessage("Framework failed over"))
            .build()
            .toByteArray());
    update("");

    // then
    assertThat(core.state()).isEqualTo(DriverState.ABORTED);
    deliver();
    assertThat(told).containsExactly("registered fw-1", "error Framework failed over");
  }

  @Test
  @DisplayName("CP-434: an update is acknowledged after statusUpdate returned")
  void shouldAcknowledgeWhatWasHandled() throws Exception {
    // given
    core.start();
    subscribed();
    deliver();
    update("0123456789abcdef");
    SchedulerCallback callback = core.nextCallback().orElseThrow();
    boolean early = core.nextCall().isPresent();

    // when
    core.handled(callback);

    // then
    assertThat(early).isFalse();
    Call call = Call.parseFrom(core.nextCall().orElseThrow().call());
    assertThat(call.getType()).isEqualTo(Call.Type.ACKNOWLEDGE);
    assertThat(call.getAcknowledge().getUuid().toStringUtf8()).isEqualTo("0123456789abcdef");
    assertThat(call.getAcknowledge().getTaskId().getValue()).isEqualTo("task-1");
  }

  @Test
  void shouldNotAcknowledgeAnUpdateWithoutUuid() {
    // given
    core.start();
    subscribed();
    deliver();
    update("");

    // when
    core.handled(core.nextCallback().orElseThrow());

    // then
    assertThat(core.nextCall()).isEmpty();
  }

  @Test
  @DisplayName("CP-441: tasks that are launched while disconnected are lost, and said to be")
  void shouldSayThatTasksAreLostWhileDisconnected() {
    // given
    core.start();

    // when
    core.launch(List.of(offer()), List.of(TASK.toByteArray()), Optional.empty(), 12.5);
    deliver();

    // then
    assertThat(told).containsExactly("statusUpdate task-1 TASK_LOST REASON_MASTER_DISCONNECTED");
    assertThat(core.waitingCalls()).isZero();
  }

  @Test
  @DisplayName("CP-442: an explicit acknowledgement is refused where the driver makes them")
  void shouldRefuseAnExplicitAcknowledgement() {
    // given
    core.start();
    subscribed();

    // when, then
    assertThatThrownBy(() -> core.acknowledge(status("0123456789abcdef")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("implicitAcknowledgements");
  }

  @Test
  @DisplayName("CP-443: what was suppressed while disconnected is suppressed on reconnection")
  void shouldSuppressOnReconnection() throws Exception {
    // given
    core.start();

    // when
    core.suppress(Optional.empty());
    subscribed();

    // then
    assertThat(Call.parseFrom(core.nextCall().orElseThrow().call()).getType())
        .isEqualTo(Call.Type.SUPPRESS);
  }

  @Test
  @DisplayName("CP-440: methods of a driver that does not run do nothing")
  void shouldDoNothingUnlessRunning() {
    // given
    core.start();
    subscribed();
    core.abort();

    // when
    core.kill(TASK.getTaskId().toByteArray());
    core.launch(List.of(offer()), List.of(TASK.toByteArray()), Optional.empty(), 0);
    core.revive(Optional.empty());
    deliver();

    // then
    assertThat(core.waitingCalls()).isZero();
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("CP-438: stop(false) tears the framework down, stop(true) does not")
  void shouldTearDownUnlessForFailover() throws Exception {
    // given
    core.start();
    subscribed();
    SchedulerCore other = core(true);
    other.start();

    // when
    core.stop(false);
    other.stop(true);

    // then
    assertThat(Call.parseFrom(core.nextCall().orElseThrow().call()).getType())
        .isEqualTo(Call.Type.TEARDOWN);
    assertThat(other.waitingCalls()).isZero();
    assertThat(core.state()).isEqualTo(DriverState.STOPPED);
  }

  @Test
  void shouldRepeatALaunchWhoseOutcomeNobodyKnows() {
    // given
    core.start();
    subscribed();
    core.launch(List.of(offer()), List.of(TASK.toByteArray()), Optional.empty(), 0);
    OutgoingCall launch = core.nextCall().orElseThrow();

    // when
    boolean again = core.answered(launch, 0, "", "stream-1");
    core.broke();
    boolean whileLost = core.nextCall().isPresent();
    subscribed();

    // then
    assertThat(again).isTrue();
    assertThat(whileLost).isFalse();
    assertThat(core.nextCall()).containsSame(launch);
  }

  @Test
  void shouldNotRepeatAMessage() {
    // given
    core.start();
    subscribed();
    byte[] executor = ExecutorID.newBuilder().setValue("e").build().toByteArray();
    core.message(executor, TASK.getAgentId().toByteArray(), new byte[] {1});

    // when
    boolean again = core.answered(core.nextCall().orElseThrow(), 0, "", "stream-1");

    // then
    assertThat(again).isFalse();
    assertThat(core.waitingCalls()).isZero();
  }

  @Test
  void shouldAbortOnAnOperationThatAsksForFeedback() {
    // given
    core.start();
    subscribed();
    byte[] operation =
        Offer.Operation.newBuilder()
            .setType(Offer.Operation.Type.RESERVE)
            .setId(OperationID.newBuilder().setValue("o"))
            .build()
            .toByteArray();

    // when, then
    assertThatThrownBy(() -> core.accept(List.of(offer()), List.of(operation), Optional.empty(), 0))
        .hasMessageContaining("feedback");
    assertThat(core.state()).isEqualTo(DriverState.ABORTED);
  }

  private static byte[] offer() {
    return OfferID.newBuilder().setValue("offer-1").build().toByteArray();
  }

  private void subscribed() {
    core.attempt(0);
    core.answered(200, "", "stream-1", "", 0);
    core.event(
        Event.newBuilder()
            .setType(Event.Type.SUBSCRIBED)
            .setSubscribed(
                Event.Subscribed.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue("fw-1")))
            .build()
            .toByteArray());
  }

  private static byte[] status(String uuid) {
    TaskStatus.Builder status =
        TaskStatus.newBuilder()
            .setTaskId(TASK.getTaskId())
            .setAgentId(TASK.getAgentId())
            .setState(TaskState.TASK_RUNNING);
    if (!uuid.isEmpty()) {
      status.setUuid(com.google.protobuf.ByteString.copyFromUtf8(uuid));
    }
    return status.build().toByteArray();
  }

  private void update(String uuid) {
    try {
      core.event(
          Event.newBuilder()
              .setType(Event.Type.UPDATE)
              .setUpdate(Event.Update.newBuilder().setStatus(TaskStatus.parseFrom(status(uuid))))
              .build()
              .toByteArray());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private void deliver() {
    for (Optional<SchedulerCallback> next = core.nextCallback();
        next.isPresent();
        next = core.nextCallback()) {
      next.get().to(new RecordingSink(told));
      core.handled(next.get());
    }
  }
}
