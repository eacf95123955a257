package io.quorate.driver.mesos.executor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.driver.mesos.scheduler.DriverState;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the executor driver decides; its bytes are read with the messages of the agents. */
class ExecutorCoreTest {
  private static final byte[] UUID = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
  private static final TaskID TASK = TaskID.newBuilder().setValue("task-1").build();

  private static Map<String, String> environment(String checkpoint) {
    return new HashMap<>(
        Map.of(
            "MESOS_AGENT_ENDPOINT", "127.0.0.1:5051",
            "MESOS_SLAVE_ID", "agent-1",
            "MESOS_FRAMEWORK_ID", "fw-1",
            "MESOS_EXECUTOR_ID", "ex-1",
            "MESOS_DIRECTORY", "/tmp",
            "MESOS_CHECKPOINT", checkpoint,
            "MESOS_RECOVERY_TIMEOUT", "2secs"));
  }

  private static ExecutorCore core(String checkpoint) {
    ExecutorCore core = new ExecutorCore(new ExecutorEnvironment(environment(checkpoint)));
    core.start();
    return core;
  }

  @Test
  @DisplayName("CP-445: the ids are those of the environment, and a missing one is named")
  void shouldTakeItsIdsFromTheEnvironment() throws Exception {
    // given
    Map<String, String> without = environment("0");
    without.remove("MESOS_EXECUTOR_ID");

    // when
    Call subscribe = Call.parseFrom(core("0").subscription());

    // then
    assertThat(subscribe.getExecutorId().getValue()).isEqualTo("ex-1");
    assertThat(subscribe.getFrameworkId().getValue()).isEqualTo("fw-1");
    assertThatThrownBy(() -> new ExecutorEnvironment(without))
        .hasMessageContaining("MESOS_EXECUTOR_ID");
  }

  @Test
  @DisplayName("CP-446: what is not acknowledged is told again with the next subscription")
  void shouldRepeatWhatIsNotAcknowledged() throws Exception {
    // given
    ExecutorCore core = core("1");
    subscribed(core);
    launch(core);
    core.update(running(), UUID, 1);

    // when
    core.broke(0);
    Call again = Call.parseFrom(core.subscription());
    subscribed(core);
    acknowledge(core);
    Call afterwards = Call.parseFrom(core.subscription());

    // then
    TaskStatus status = again.getSubscribe().getUnacknowledgedUpdates(0).getStatus();
    assertThat(status.getUuid().toByteArray()).isEqualTo(UUID);
    assertThat(status.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
    assertThat(status.getAgentId().getValue()).isEqualTo("agent-1");
    assertThat(again.getSubscribe().getUnacknowledgedTasksList()).hasSize(1);
    assertThat(afterwards.getSubscribe().getUnacknowledgedUpdatesList()).isEmpty();
    assertThat(afterwards.getSubscribe().getUnacknowledgedTasksList()).isEmpty();
  }

  @Test
  @DisplayName("CP-448: without checkpoint the loss of the agent is the end")
  void shouldShutDownWhenTheAgentIsLost() {
    // given
    ExecutorCore core = core("0");
    subscribed(core);

    // when
    core.broke(0);

    // then
    assertThat(core.attempts()).isFalse();
    assertThat(core.waitingCallbacks()).as("registered, disconnected, shutdown").isEqualTo(3);
  }

  @Test
  void shouldWaitForTheAgentAsLongAsItMay() {
    // given
    ExecutorCore core = core("1");
    subscribed(core);

    // when
    core.broke(0);
    core.broke(TimeUnit.SECONDS.toNanos(2));
    boolean waits = core.attempts();
    core.broke(TimeUnit.SECONDS.toNanos(2) + 1);

    // then
    assertThat(waits).isTrue();
    assertThat(core.attempts()).isFalse();
  }

  @Test
  void shouldDoNothingAfterAbort() {
    // given
    ExecutorCore core = core("1");
    subscribed(core);
    core.abort();

    // when
    core.update(running(), UUID, 1);
    core.message(new byte[1]);

    // then
    assertThat(core.state()).isEqualTo(DriverState.ABORTED);
    assertThat(core.waitingCalls()).isZero();
    assertThat(core.nextCallback()).isEmpty();
  }

  private static byte[] running() {
    return TaskStatus.newBuilder()
        .setTaskId(TASK)
        .setState(TaskState.TASK_RUNNING)
        .build()
        .toByteArray();
  }

  private static void subscribed(ExecutorCore core) {
    core.event(Event.newBuilder().setType(Event.Type.SUBSCRIBED).build().toByteArray());
  }

  private static void launch(ExecutorCore core) {
    TaskInfo task =
        TaskInfo.newBuilder()
            .setName("t")
            .setTaskId(TASK)
            .setAgentId(AgentID.newBuilder().setValue("agent-1"))
            .build();
    core.event(
        Event.newBuilder()
            .setType(Event.Type.LAUNCH)
            .setLaunch(Event.Launch.newBuilder().setTask(task))
            .build()
            .toByteArray());
  }

  private static void acknowledge(ExecutorCore core) {
    core.event(
        Event.newBuilder()
            .setType(Event.Type.ACKNOWLEDGED)
            .setAcknowledged(
                Event.Acknowledged.newBuilder().setTaskId(TASK).setUuid(ByteString.copyFrom(UUID)))
            .build()
            .toByteArray());
  }
}
