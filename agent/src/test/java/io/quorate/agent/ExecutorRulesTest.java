package io.quorate.agent;

import static io.quorate.agent.AgentScenario.call;
import static io.quorate.agent.AgentScenario.killing;
import static io.quorate.agent.AgentScenario.shutdownExecutor;
import static io.quorate.agent.AgentScenario.shutdownFramework;
import static io.quorate.agent.AgentScenario.task;
import static io.quorate.agent.AgentScenario.update;
import static io.quorate.protocol.v1.TaskState.TASK_FAILED;
import static io.quorate.protocol.v1.TaskState.TASK_FINISHED;
import static io.quorate.protocol.v1.TaskState.TASK_GONE;
import static io.quorate.protocol.v1.TaskState.TASK_KILLED;
import static io.quorate.protocol.v1.TaskState.TASK_LOST;
import static io.quorate.protocol.v1.TaskState.TASK_RUNNING;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.agent.executor.ExecutorCallRefusal;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** The rules of executors, and of their API (Mesos 4.6). */
class ExecutorRulesTest {
  private final AgentScenario agent =
      new AgentScenario().registered().with(FrameworkInfo.Capability.Type.PARTITION_AWARE);

  private static int status(Optional<ExecutorCallRefusal> refusal) {
    return refusal.orElseThrow().status();
  }

  // -- The API ----------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-310 an executor is sent what waits for it when it subscribes")
  void shouldDeliverAtSubscription() {
    // given
    agent.launchIn("e", true, "t1").launchIn("e", false, "t2");
    // when
    agent.subscribe("e");
    // then
    assertThat(agent.heard("e"))
        .containsExactly(Event.Type.SUBSCRIBED, Event.Type.LAUNCH, Event.Type.LAUNCH);
  }

  @Test
  @DisplayName("CP-240 the tasks of a group go to their executor in one event")
  void shouldDeliverGroup() {
    // given
    agent.launchGroup("e", ExecutorInfo.Type.CUSTOM, "t1", "t2");
    // when
    agent.subscribe("e");
    // then
    assertThat(agent.heard("e")).containsExactly(Event.Type.SUBSCRIBED, Event.Type.LAUNCH_GROUP);
  }

  @Test
  @DisplayName("CP-314 an update is acknowledged once it is in the journal, and told to the master")
  void shouldAcknowledgeUpdate() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    // when
    Optional<ExecutorCallRefusal> answer = agent.call(update("e", "t1", TASK_RUNNING, "u1"));
    // then
    assertThat(answer).isEmpty();
    assertThat(agent.heard("e")).endsWith(Event.Type.ACKNOWLEDGED);
    assertThat(agent.states("t1")).containsExactly(TASK_RUNNING);
  }

  @Test
  @DisplayName("CP-262 an update that is sent again is acknowledged again, and told once")
  void shouldKnowUpdateAgain() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    agent.call(update("e", "t1", TASK_RUNNING, "u1"));
    // when
    agent.acknowledge("t1").restart().registered().subscribe("e", task("t1"));
    agent.call(update("e", "t1", TASK_RUNNING, "u1"));
    // then
    assertThat(agent.heard("e")).endsWith(Event.Type.ACKNOWLEDGED);
    assertThat(agent.states("t1")).containsExactly(TASK_RUNNING);
  }

  @Test
  @DisplayName("more updates than the bound are refused with 429, and are not taken")
  void shouldBoundUpdates() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    for (String uuid : new String[] {"u1", "u2", "u3"}) {
      assertThat(agent.call(update("e", "t1", TASK_RUNNING, uuid))).isEmpty();
    }
    // when
    Optional<ExecutorCallRefusal> answer = agent.call(update("e", "t1", TASK_FINISHED, "u4"));
    // then
    assertThat(status(answer)).isEqualTo(429);
    assertThat(agent.latest("t1")).isEqualTo(TASK_RUNNING);
  }

  @Test
  @DisplayName("calls of unknown frameworks and executors are refused with 400")
  void shouldRefuseUnknown() {
    // given
    agent.launchIn("e", true, "t1");
    Optional<String> nobody = Optional.empty();
    // when, then
    assertThat(agent.call(call("other", Call.Type.SUBSCRIBE), nobody).orElseThrow())
        .isEqualTo(new ExecutorCallRefusal(400, "Executor cannot be found"));
    assertThat(
            agent
                .call(
                    call("e", Call.Type.SUBSCRIBE)
                        .setFrameworkId(FrameworkID.newBuilder().setValue("G")),
                    nobody)
                .orElseThrow())
        .isEqualTo(new ExecutorCallRefusal(400, "Framework cannot be found"));
  }

  @Test
  @DisplayName("who has not proven to be the executor gets 401, and another executor 403")
  void shouldRefuseWhoIsNotTheExecutor() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    // when, then
    for (Call.Builder call :
        List.of(call("e", Call.Type.SUBSCRIBE), update("e", "t1", TASK_FINISHED, "u1"))) {
      assertThat(status(agent.call(call, Optional.empty()))).isEqualTo(401);
      assertThat(status(agent.call(call, Optional.of("another")))).isEqualTo(403);
    }
    assertThat(agent.latest("t1")).isNotEqualTo(TASK_FINISHED);
  }

  @Test
  @DisplayName("who has not subscribed says nothing: 403, and 503 to a restarted agent")
  void shouldWantSubscription() {
    // given
    agent.launchIn("e", true, "t1");
    assertThat(status(agent.call(update("e", "t1", TASK_RUNNING, "u1")))).isEqualTo(403);
    // when
    agent.subscribe("e").restart();
    // then
    assertThat(status(agent.call(update("e", "t1", TASK_RUNNING, "u1")))).isEqualTo(503);
  }

  @Test
  @DisplayName("CP-162 messages go between a scheduler and its executor")
  void shouldPassMessages() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    Command.Builder message = Command.newBuilder();
    message
        .getMessageBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(AgentScenario.FRAMEWORK))
        .setExecutorId(ExecutorID.newBuilder().setValue("e"))
        .setData(ByteString.copyFromUtf8("down"));
    Call.Builder up = call("e", Call.Type.MESSAGE);
    up.getMessageBuilder().setData(ByteString.copyFromUtf8("up"));
    // when
    agent.command(message).call(up);
    // then
    assertThat(agent.heard("e")).endsWith(Event.Type.MESSAGE);
    assertThat(agent.told())
        .anyMatch(told -> told.getExecutorMessage().getData().toStringUtf8().equals("up"));
  }

  @Test
  @DisplayName("a launch that was lost on its way is dropped when its executor subscribes again")
  void shouldDropLostLaunch() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e").launchIn("e", false, "t2");
    agent.call(update("e", "t1", TASK_RUNNING, "u1"));
    // when
    agent.restart().registered().subscribe("e", task("t1"));
    // then
    assertThat(agent.last("t2").getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_RESTARTED);
    assertThat(agent.latest("t1")).isEqualTo(TASK_RUNNING);
  }

  // -- Killing ----------------------------------------------------------------------------------

  @Test
  @DisplayName("a task that its executor was not sent is over at once, and so is the executor")
  void shouldKillBeforeDelivery() {
    // given
    agent.launchIn("e", true, "t1");
    // when
    agent.command(killing("t1"));
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_KILLED);
    assertThat(agent.last("t1").getReason())
        .isEqualTo(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH);
    assertThat(agent.after(1).machine.signals("e")).contains("KILL");
  }

  @Test
  @DisplayName("a kill that an executor may not have heard is said again when it subscribes")
  void shouldKillAgainAtSubscription() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    agent.call(update("e", "t1", TASK_RUNNING, "u1"));
    // when
    agent.restart().registered().command(killing("t1")).subscribe("e", task("t1"));
    // then
    assertThat(agent.heard("e")).containsExactly(Event.Type.SUBSCRIBED, Event.Type.KILL);
  }

  // -- Beginning and ending -----------------------------------------------------------------------

  @Test
  @DisplayName("CP-307 an executor that does not subscribe in time is killed, and its tasks failed")
  void shouldKillWhoNeverRegisters() {
    // given
    agent.launchIn("e", true, "t1");
    // when
    agent.after(61);
    assertThat(agent.machine.signals("e")).contains("KILL");
    agent.machine.exit("e", 128 + 9);
    agent.run();
    // then
    assertThat(agent.last("t1").getReason())
        .isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_REGISTRATION_TIMEOUT);
  }

  @Test
  @DisplayName(
      "CP-302 an executor that does not come back to a restarted agent takes its tasks along")
  void shouldKillWhoDoesNotReregister() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    // when
    agent.restart().registered().after(3);
    agent.machine.exit("e", 128 + 9);
    agent.run();
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_GONE);
  }

  @Test
  @DisplayName("CP-303 an executor whose framework does not checkpoint is killed at a restart")
  void shouldKillWithoutCheckpoint() {
    // given
    Command.Builder launch =
        agent.launching(
            task("t1").setExecutor(AgentScenario.executor("e", ExecutorInfo.Type.CUSTOM)));
    launch.getLaunchBuilder().setNewExecutor(true).getFrameworkInfoBuilder().setCheckpoint(false);
    agent.command(launch).subscribe("e");
    // when
    agent.restart();
    // then
    assertThat(agent.machine.signals("e")).containsExactly("KILL");
  }

  @Test
  @DisplayName("CP-308 SHUTDOWN, and SIGKILL after the grace, though the agent is restarted")
  void shouldShutDown() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e").command(shutdownExecutor("e"));
    assertThat(agent.heard("e")).endsWith(Event.Type.SHUTDOWN);
    // when
    agent.after(3).restart().after(1);
    assertThat(agent.machine.signals("e")).isEmpty();
    agent.after(1);
    // then
    assertThat(agent.machine.signals("e")).containsExactly("KILL");
  }

  @Test
  @DisplayName(
      "CP-171 an executor's end is told until the master takes it; CP-263 so are its tasks'")
  void shouldTellEnd() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    // when
    agent.machine.exit("e", 3);
    agent.run();
    // then
    assertThat(agent.told())
        .filteredOn(AgentCall::hasExecutorExited)
        .singleElement()
        .matches(told -> told.getExecutorExited().getStatus() == 3 << 8);
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_FAILED);
    assertThat(agent.state().executors()).isEmpty();
    assertThat(agent.machine.containers()).isEmpty();
    assertThat(agent.openStreams()).isZero();
  }

  @Test
  @DisplayName("an executor of a framework that is torn down leaves nothing behind")
  void shouldForgetExecutorOfTornDownFramework() {
    // given
    agent.launchIn("e", true, "t1").subscribe("e");
    agent.call(update("e", "t1", TASK_RUNNING, "u1"));
    // when
    agent.queued(shutdownFramework()).restartBeforeActing().after(6);
    agent.machine.exit("e", 128 + 9);
    agent.run().registered();
    // then
    assertThat(agent.state().tasks()).isEmpty();
    assertThat(agent.state().executors()).isEmpty();
    assertThat(agent.machine.containers()).isEmpty();
  }

  @Test
  @DisplayName("a task whose executor has ended is dropped")
  void shouldDropWithoutExecutor() {
    // given
    agent.with();
    // when
    agent.launchIn("e", false, "t1");
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_LOST);
    assertThat(agent.last("t1").getReason())
        .isEqualTo(TaskStatus.Reason.REASON_EXECUTOR_TERMINATED);
  }

  @Test
  @DisplayName("the default executor ends with its last task")
  void shouldEndDefaultExecutor() {
    // given
    agent.launchGroup("d", ExecutorInfo.Type.DEFAULT, "t1");
    agent.machine.exit("t1", 0);
    // when
    agent.run().acknowledgeAll("t1");
    // then
    assertThat(agent.told())
        .filteredOn(AgentCall::hasExecutorExited)
        .singleElement()
        .matches(told -> told.getExecutorExited().getStatus() == 0);
  }
}
