package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExecutorClientCoreTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Outcome DONE = new Outcome.Done();
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "MESOS_AGENT_ENDPOINT", "10.0.0.1:5051",
          "MESOS_FRAMEWORK_ID", "f",
          "MESOS_EXECUTOR_ID", "e",
          "MESOS_SLAVE_ID", "s",
          "MESOS_CHECKPOINT", "1",
          "MESOS_RECOVERY_TIMEOUT", "10secs",
          "MESOS_EXECUTOR_AUTHENTICATION_TOKEN", "a.b.c");

  private final ExecutorClientCore core = core(ENVIRONMENT);

  private static ExecutorClientCore core(Map<String, String> environment) {
    return new ExecutorClientCore(ExecutorVariables.of(environment), new SplittableRandom(1));
  }

  private static Map<String, String> with(String name, String value) {
    Map<String, String> changed = new HashMap<>(ENVIRONMENT);
    changed.put(name, value);
    return changed;
  }

  private static Event of(Event.Type type) {
    return Event.newBuilder().setType(type).build();
  }

  private static TaskID task(String id) {
    return TaskID.newBuilder().setValue(id).build();
  }

  private static Event launch(String id) {
    TaskInfo.Builder info = TaskInfo.newBuilder().setName(id).setTaskId(task(id));
    return Event.newBuilder()
        .setType(Event.Type.LAUNCH)
        .setLaunch(
            Event.Launch.newBuilder()
                .setTask(
                    info.setAgentId(
                        io.quorate.protocol.v1.AgentID.newBuilder().setValue("s").build())))
        .build();
  }

  private static Event acknowledged(String id, int number) {
    return Event.newBuilder()
        .setType(Event.Type.ACKNOWLEDGED)
        .setAcknowledged(Event.Acknowledged.newBuilder().setTaskId(task(id)).setUuid(uuid(number)))
        .build();
  }

  private static ByteString uuid(int number) {
    return ByteString.copyFrom(new byte[] {(byte) number});
  }

  private void update(String id, TaskState state, int number) {
    core.update(
        TaskStatus.newBuilder().setTaskId(task(id)).setState(state).build(), uuid(number), 7);
  }

  private void givenAStream() {
    core.subscription();
    assertThat(core.answered(200, "", 0)).isEqualTo(new ExecutorClientCore.Next.Read());
    core.event(of(Event.Type.SUBSCRIBED));
  }

  /** Sends what is due, as the agent answers 202, and returns the updates. */
  private List<Call> send() {
    return IntStream.iterate(0, i -> core.nextCall().isPresent(), i -> i + 1)
        .mapToObj(
            i -> {
              Call call = core.nextCall().orElseThrow();
              assertThat(core.sent(call, DONE)).isFalse();
              return call;
            })
        .toList();
  }

  private static List<String> told(List<ExecutorClientCore.Delivery> deliveries) {
    return deliveries.stream()
        .map(
            delivery ->
                delivery instanceof ExecutorClientCore.Delivery.Told told
                    ? told.event().getType().name()
                    : delivery.getClass().getSimpleName())
        .toList();
  }

  @Test
  @DisplayName("updates are sent in their order, filled in, and only while there is a stream")
  void shouldSendUpdatesInOrder() {
    // given
    update("t", TaskState.TASK_STARTING, 1);
    update("t", TaskState.TASK_RUNNING, 2);
    assertThat(core.nextCall()).isEmpty();

    // when
    givenAStream();
    List<Call> calls = send();

    // then
    assertThat(calls)
        .extracting(call -> call.getUpdate().getStatus().getState())
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
    TaskStatus first = calls.get(0).getUpdate().getStatus();
    assertThat(first.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
    assertThat(first.getExecutorId().getValue()).isEqualTo("e");
    assertThat(first.getAgentId().getValue()).isEqualTo("s");
    assertThat(first.getTimestamp()).isEqualTo(7);
    assertThat(calls.get(0).getFrameworkId().getValue()).isEqualTo("f");
  }

  @Test
  @DisplayName("a subscription names the tasks and updates that have no acknowledgement")
  void shouldNameWhatIsUnacknowledged() {
    // given
    givenAStream();
    core.event(launch("a"));
    core.event(launch("b"));
    core.event(launch("c"));
    update("a", TaskState.TASK_RUNNING, 1);
    update("b", TaskState.TASK_RUNNING, 2);
    send();
    core.event(acknowledged("a", 1));

    // when
    core.broke("gone", 0);
    Call.Subscribe again = core.subscription().getSubscribe();

    // then
    assertThat(again.getUnacknowledgedTasksList())
        .extracting(info -> info.getTaskId().getValue())
        .containsExactly("b", "c");
    assertThat(again.getUnacknowledgedUpdatesList())
        .extracting(update -> update.getStatus().getUuid())
        .containsExactly(uuid(2));
  }

  @Test
  @DisplayName("after a new subscription what the agent does not acknowledge is sent once more")
  void shouldSendOnceMore() {
    // given
    givenAStream();
    update("a", TaskState.TASK_RUNNING, 1);
    update("b", TaskState.TASK_RUNNING, 2);
    send();
    core.broke("gone", 0);

    // when
    givenAStream();
    core.event(acknowledged("a", 1));

    // then
    assertThat(send())
        .extracting(call -> call.getUpdate().getStatus().getTaskId().getValue())
        .containsExactly("b");
  }

  @Test
  @DisplayName("whoever made an update hears when the agent has it, or refuses it")
  void shouldTellWhatBecameOfAnUpdate() {
    // given
    givenAStream();
    update("a", TaskState.TASK_RUNNING, 1);
    update("b", TaskState.TASK_STAGING, 2);
    core.due();

    // when
    core.sent(core.nextCall().orElseThrow(), DONE);
    core.event(acknowledged("a", 1));
    core.sent(core.nextCall().orElseThrow(), new Outcome.Refused(400, "no"));

    // then
    assertThat(core.due())
        .contains(
            new ExecutorClientCore.Delivery.Settled(uuid(1), DONE),
            new ExecutorClientCore.Delivery.Settled(uuid(2), new Outcome.Refused(400, "no")));
    assertThat(core.unacknowledged()).isZero();
    assertThat(core.nextCall()).isEmpty();
  }

  @Test
  @DisplayName("an update that the agent cannot take now stays first")
  void shouldKeepTheOrderOverARefusal() {
    // given
    givenAStream();
    update("a", TaskState.TASK_RUNNING, 1);
    update("a", TaskState.TASK_FINISHED, 2);
    Call first = core.nextCall().orElseThrow();

    // when, then
    assertThat(core.sent(first, new Outcome.Refused(429, "too many"))).isTrue();
    assertThat(core.sent(first, new Outcome.Unknown("503"))).isTrue();
    assertThat(core.nextCall()).contains(first);
  }

  @Test
  @DisplayName("it subscribes again until MESOS_RECOVERY_TIMEOUT is over, then shuts down")
  void shouldWaitForTheAgent() {
    // given
    givenAStream();
    core.due();

    // when
    ExecutorClientCore.Next soon = core.broke("gone", 100 * SECOND);
    ExecutorClientCore.Next later = core.answered(503, "recovers", 109 * SECOND);

    // then
    assertThat(((ExecutorClientCore.Next.Subscribe) soon).pauseMillis()).isBetween(1L, 251L);
    assertThat(later).isInstanceOf(ExecutorClientCore.Next.Subscribe.class);
    assertThat(told(core.due())).containsExactly("Disconnected");

    // when
    ExecutorClientCore.Next never = core.broke("gone", 111 * SECOND);

    // then
    assertThat(never).isEqualTo(new ExecutorClientCore.Next.Stop());
    assertThat(told(core.due())).containsExactly("SHUTDOWN");
    assertThat(core.shuttingDown()).isTrue();
  }

  @Test
  @DisplayName("each loss of the agent has the whole time again")
  void shouldBeginTheTimeAnew() {
    // given
    givenAStream();
    core.broke("gone", 0);
    givenAStream();

    // when
    ExecutorClientCore.Next next = core.broke("gone", 60 * SECOND);

    // then
    assertThat(next).isInstanceOf(ExecutorClientCore.Next.Subscribe.class);
    assertThat(core.shuttingDown()).isFalse();
  }

  @Test
  @DisplayName("without checkpointing it ends with its agent, but waits for its first answer")
  void shouldEndWithItsAgent() {
    // given
    ExecutorClientCore mortal = core(with("MESOS_CHECKPOINT", "0"));

    // when, then
    assertThat(mortal.broke("not yet", 0)).isInstanceOf(ExecutorClientCore.Next.Subscribe.class);
    mortal.answered(200, "", 0);
    mortal.event(of(Event.Type.SUBSCRIBED));
    assertThat(mortal.broke("gone", 0)).isEqualTo(new ExecutorClientCore.Next.Stop());
    assertThat(told(mortal.due())).containsExactly("SUBSCRIBED", "Disconnected", "SHUTDOWN");
  }

  @Test
  @DisplayName("SHUTDOWN is told once, and updates are still sent after it")
  void shouldShutDownOnce() {
    // given
    givenAStream();
    core.due();

    // when
    core.event(of(Event.Type.SHUTDOWN));
    core.event(of(Event.Type.SHUTDOWN));
    update("a", TaskState.TASK_KILLED, 1);

    // then
    assertThat(told(core.due())).containsExactly("SHUTDOWN");
    assertThat(send()).hasSize(1);
    assertThat(core.broke("gone", 0)).isEqualTo(new ExecutorClientCore.Next.Stop());
  }

  @ParameterizedTest
  @ValueSource(ints = {400, 401, 403})
  @DisplayName("an agent that will not have the executor ends it")
  void shouldEndWhenRefused(int status) {
    // when
    ExecutorClientCore.Next next = core.answered(status, "no", 0);

    // then
    assertThat(next).isEqualTo(new ExecutorClientCore.Next.Stop());
    assertThat(told(core.due())).containsExactly("Refused", "SHUTDOWN");
  }

  @Test
  @DisplayName("what waits when the client is closed is not known to have arrived")
  void shouldSettleAtTheEnd() {
    // given
    update("a", TaskState.TASK_RUNNING, 1);

    // when
    core.close();
    update("b", TaskState.TASK_RUNNING, 2);

    // then
    assertThat(core.due())
        .containsExactly(
            new ExecutorClientCore.Delivery.Settled(uuid(1), new Outcome.Unknown("closed")),
            new ExecutorClientCore.Delivery.Settled(uuid(2), new Outcome.Unknown("closed")));
    assertThat(core.unacknowledged()).isZero();
  }

  @Test
  @DisplayName("a message goes out while there is a stream, and never later")
  void shouldSendMessages() {
    // given
    ByteString data = ByteString.copyFromUtf8("x");

    // when
    Optional<Call> early = core.message(data);
    givenAStream();

    // then
    assertThat(early).isEmpty();
    assertThat(core.message(data).orElseThrow().getMessage().getData()).isEqualTo(data);
  }

  @ParameterizedTest
  @ValueSource(strings = {"MESOS_AGENT_ENDPOINT", "MESOS_FRAMEWORK_ID", "MESOS_EXECUTOR_ID"})
  @DisplayName("a variable that is missing is named")
  void shouldNameAMissingVariable(String name) {
    // given
    String named = name.equals("MESOS_AGENT_ENDPOINT") ? "MESOS_SLAVE_PID" : name;

    // when, then
    assertThatThrownBy(() -> ExecutorVariables.of(with(name, ""))).hasMessageContaining(named);
  }

  @Test
  @DisplayName("a duration that is none is named, and the token is in no text")
  void shouldReadTheEnvironment() {
    // when, then
    assertThatThrownBy(() -> ExecutorVariables.of(with("MESOS_RECOVERY_TIMEOUT", "soon")))
        .hasMessageContaining("MESOS_RECOVERY_TIMEOUT: 'soon'");
    ExecutorVariables variables = ExecutorVariables.of(with("SSL_ENABLED", "true"));
    assertThat(variables.tls()).isTrue();
    assertThat(variables.agent()).isEqualTo("10.0.0.1:5051");
    assertThat(variables).asString().contains("10.0.0.1:5051").doesNotContain("a.b.c");
  }
}
