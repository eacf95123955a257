package io.quorate.agent;

import static io.quorate.agent.AgentScenario.BY_TERM;
import static io.quorate.agent.AgentScenario.draining;
import static io.quorate.agent.AgentScenario.killing;
import static io.quorate.agent.AgentScenario.shutdownExecutor;
import static io.quorate.agent.AgentScenario.shutdownFramework;
import static io.quorate.agent.AgentScenario.task;
import static io.quorate.protocol.v1.TaskState.TASK_DROPPED;
import static io.quorate.protocol.v1.TaskState.TASK_FAILED;
import static io.quorate.protocol.v1.TaskState.TASK_FINISHED;
import static io.quorate.protocol.v1.TaskState.TASK_GONE_BY_OPERATOR;
import static io.quorate.protocol.v1.TaskState.TASK_KILLED;
import static io.quorate.protocol.v1.TaskState.TASK_LOST;
import static io.quorate.protocol.v1.TaskState.TASK_RUNNING;
import static io.quorate.protocol.v1.TaskState.TASK_STARTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.agent.state.WaitStatus;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.DurationInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class AgentRulesTest {
  private final AgentScenario agent = new AgentScenario().registered();

  // -- Restarts between the sync of a command and what it leads to --------------------------------

  @Test
  @DisplayName("a framework is shut down: its groups are signalled though the agent was restarted")
  void shouldSignalGroupsOfShutDownFrameworkAfterRestart() {
    // given
    agent.launchGroup("d", ExecutorInfo.Type.DEFAULT, "t1");
    // when
    agent.queued(shutdownFramework()).restartBeforeActing();
    // then
    assertThat(agent.machine.signals("t1")).containsExactly("TERM");
    agent.after(4);
    assertThat(agent.machine.signals("t1")).containsExactly("TERM", "KILL");
  }

  @Test
  @DisplayName("a default executor is shut down: its tasks are signalled though the agent restarts")
  void shouldSignalTasksOfShutDownDefaultExecutorAfterRestart() {
    // given
    agent.launchGroup("d", ExecutorInfo.Type.DEFAULT, "t1", "t2");
    // when
    agent.queued(shutdownExecutor("d")).restartBeforeActing();
    // then
    assertThat(agent.machine.signals("t1")).containsExactly("TERM");
    assertThat(agent.machine.signals("t2")).containsExactly("TERM");
    agent.after(4);
    assertThat(agent.machine.signals("t1")).containsExactly("TERM", "KILL");
  }

  @Test
  @DisplayName("a torn-down task leaves nothing behind after restarts")
  void shouldForgetTornDownTaskAfterRestart() {
    // given
    agent.launch("t1").acknowledge("t1");
    // when
    agent.queued(shutdownFramework()).restartBeforeActing();
    agent.machine.exit("t1", BY_TERM);
    agent.run().restart().registered();
    // then
    assertThat(agent.reported()).isEmpty();
    assertThat(agent.machine.containers()).isEmpty();
    assertThat(agent.state().tasks()).isEmpty();
  }

  @Test
  @DisplayName("a task that ended and was torn down leaves no files, whenever the agent restarts")
  void shouldForgetFilesOfTornDownTask() {
    // given
    agent.launch("t1");
    agent.machine.exit("t1", 0);
    agent.run();
    // when
    agent.queued(shutdownFramework()).restartBeforeActing();
    // then
    assertThat(agent.reported()).isEmpty();
    assertThat(agent.machine.containers()).isEmpty();
  }

  @Test
  @DisplayName("CP-293 what a drain makes of a task's end survives any number of restarts")
  void shouldKeepDrainOverRestarts() {
    // given
    agent.with(FrameworkInfo.Capability.Type.PARTITION_AWARE).launch("t1").command(draining(true));
    // when
    agent.restart().restart().registered();
    agent.machine.exit("t1", BY_TERM);
    agent.run().acknowledgeAll("t1");
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_GONE_BY_OPERATOR);
    assertThat(agent.last("t1").getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
  }

  @Test
  @DisplayName("CP-348 a kill's grace period goes on over a restart of the agent")
  void shouldKeepGracePeriodOverRestart() {
    // given
    agent.launch("t1").command(killing("t1", Duration.ofSeconds(60)));
    // when
    agent.after(30).restart();
    // then
    agent.after(29);
    assertThat(agent.machine.signals("t1")).doesNotContain("KILL");
    agent.after(2);
    assertThat(agent.machine.signals("t1")).contains("KILL");
  }

  @Test
  @DisplayName("max_completion_time counts from the task's start, over a restart of the agent")
  void shouldCountCompletionTimeFromStart() {
    // given
    agent.command(
        agent.launching(
            task("t1")
                .setMaxCompletionTime(
                    DurationInfo.newBuilder().setNanoseconds(Duration.ofSeconds(100).toNanos()))));
    // when
    agent.after(60).restart().registered().after(39);
    assertThat(agent.machine.signals("t1")).isEmpty();
    agent.after(2);
    // then
    assertThat(agent.machine.signals("t1")).containsExactly("KILL");
    agent.machine.exit("t1", 128 + 9);
    agent.run().acknowledgeAll("t1");
    assertThat(agent.last("t1").getReason())
        .isEqualTo(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
  }

  @Test
  @DisplayName("a kill that comes while the task is started is carried out once it runs")
  void shouldKillWhatWasBeingStarted() {
    // given
    agent.machine.slow = true;
    agent.launch("t1");
    // when
    agent.command(killing("t1"));
    agent.machine.start("t1");
    agent.run();
    // then
    assertThat(agent.machine.signals("t1")).containsExactly("TERM");
    agent.after(4);
    assertThat(agent.machine.signals("t1")).containsExactly("TERM", "KILL");
  }

  @Test
  @DisplayName("a kill that comes while the task is fetched ends it before it is started")
  void shouldKillWhatWasBeingFetched() {
    // given
    agent.machine.slow = true;
    agent.launch("t1");
    // when
    agent.command(killing("t1"));
    agent.machine.startOrCancel("t1");
    agent.run().acknowledgeAll("t1");
    // then
    assertThat(agent.states("t1")).containsExactly(TASK_STARTING, TASK_KILLED);
    assertThat(agent.machine.everStarted).isEmpty();
  }

  @Test
  @DisplayName("a kill that comes while the task is fetched counts though the agent restarts")
  void shouldKillWhatWasBeingFetchedOverRestart() {
    // given
    agent.machine.slow = true;
    agent.launch("t1");
    // when
    agent.queued(killing("t1")).restartBeforeActing().registered().acknowledgeAll("t1");
    // then
    assertThat(agent.states("t1")).containsExactly(TASK_STARTING, TASK_KILLED);
    assertThat(agent.machine.everStarted).isEmpty();
  }

  // -- Updates ----------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-257 each update that is repeated tells the latest state")
  void shouldTellLatestState() {
    // given
    agent.launch("t1");
    agent.machine.exit("t1", 0);
    // when
    agent.run().after(11);
    // then
    AgentCall.Update repeated = agent.told().get(agent.told().size() - 1).getUpdate();
    assertThat(repeated.getStatus().getState()).isEqualTo(TASK_STARTING);
    assertThat(repeated.getLatestState()).isEqualTo(TASK_FINISHED);
  }

  @Test
  @DisplayName("CP-255 an update comes again after 10 s, then after doubling pauses up to 10 min")
  void shouldBackOff() {
    // given
    agent.launch("t1");
    // when, then
    for (long pause : List.of(10, 20, 40, 80, 160, 320, 600, 600)) {
      int before = agent.told().size();
      agent.after(pause - 1);
      assertThat(agent.told()).hasSize(before);
      agent.after(1);
      assertThat(agent.told()).hasSize(before + 1);
    }
  }

  @Test
  @DisplayName("CP-176 the next update waits for the acknowledgement of the one before")
  void shouldWaitForAcknowledgement() {
    // given
    agent.launch("t1");
    assertThat(agent.states("t1")).containsExactly(TASK_STARTING);
    // when
    agent.acknowledge("t1");
    // then
    assertThat(agent.states("t1")).containsExactly(TASK_STARTING, TASK_RUNNING);
  }

  @Test
  @DisplayName("a task is known until its last update is acknowledged, and leaves no files")
  void shouldForgetAcknowledgedTask() {
    // given
    agent.launch("t1");
    agent.machine.exit("t1", 0);
    // when
    agent.run().acknowledgeAll("t1");
    // then
    assertThat(agent.states("t1")).containsExactly(TASK_STARTING, TASK_RUNNING, TASK_FINISHED);
    assertThat(agent.reported()).isEmpty();
    assertThat(agent.machine.containers()).isEmpty();
  }

  // -- Commands ---------------------------------------------------------------------------------

  @Test
  @DisplayName("a command is confirmed only once it is safe in the journal")
  void shouldConfirmWhatIsSafe() {
    // given: written, but not synced; a master that forgot it now could not send it again
    agent.queued(Command.newBuilder().setReactivate(Command.Reactivate.getDefaultInstance()));
    // when
    agent.takeOnly();
    // then
    assertThat(agent.subscription().getCommandsDone()).isZero();
    agent.run();
    assertThat(agent.subscription().getCommandsDone()).isEqualTo(1);
  }

  @Test
  @DisplayName("a gap in the numbers of commands ends the link")
  void shouldLeaveAtGap() {
    // given
    agent.queued(Command.newBuilder().setReactivate(Command.Reactivate.getDefaultInstance()));
    agent.restart().registered();
    // when
    agent.launch("t1");
    // then
    assertThat(agent.left()).contains("command 2 came after 0");
    assertThat(agent.reported()).isEmpty();
  }

  @Test
  @DisplayName("nothing is started before a master has taken the agent back")
  void shouldHoldLaunches() {
    // given
    agent.machine.slow = true;
    agent.launch("t1");
    // when
    agent.restart();
    // then
    assertThat(agent.machine.waits("t1")).isFalse();
    agent.registered();
    assertThat(agent.machine.waits("t1")).isTrue();
  }

  @Test
  @DisplayName("CP-287 a task that is launched on a draining agent is dropped")
  void shouldDropOnDrainingAgent() {
    // given
    agent.command(draining(false));
    // when
    agent.launch("t1");
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_LOST);
    assertThat(agent.last("t1").getReason()).isEqualTo(TaskStatus.Reason.REASON_AGENT_DRAINING);
    agent
        .acknowledge("t1")
        .with(FrameworkInfo.Capability.Type.PARTITION_AWARE)
        .command(Command.newBuilder().setReactivate(Command.Reactivate.getDefaultInstance()))
        .command(draining(false))
        .launch("t2");
    assertThat(agent.last("t2").getState()).isEqualTo(TASK_DROPPED);
  }

  // -- Groups -----------------------------------------------------------------------------------

  @Test
  @DisplayName("CP-325 who ended by itself was not killed with its group, though nobody saw it")
  void shouldTellTheEndThatWas() {
    // given
    agent.launchGroup("d", ExecutorInfo.Type.DEFAULT, "failed", "finished");
    // when
    agent.machine.exitUnseen("failed", 1);
    agent.machine.exitUnseen("finished", 0);
    agent.restart();
    // then
    assertThat(agent.latest("failed")).isEqualTo(TASK_FAILED);
    assertThat(agent.latest("finished")).isEqualTo(TASK_FINISHED);
  }

  @Test
  @DisplayName("CP-325 who was never started is killed with its group")
  void shouldEndWhatNeverBegan() {
    // given
    agent.machine.slow = true;
    agent.launchGroup("d", ExecutorInfo.Type.DEFAULT, "failed", "waiting");
    agent.machine.start("failed");
    agent.run();
    // when
    agent.machine.exitUnseen("failed", 1);
    agent.restart();
    // then
    assertThat(agent.latest("waiting")).isEqualTo(TASK_KILLED);
  }

  @Test
  @DisplayName("who finished by itself was not killed, though nobody had looked when KILL came")
  void shouldNotKillWhatFinished() {
    // given
    agent.launch("t1");
    agent.machine.exitUnseen("t1", 0);
    // when
    agent.command(killing("t1"));
    // then
    assertThat(agent.latest("t1")).isEqualTo(TASK_FINISHED);
  }

  // -- The journal ------------------------------------------------------------------------------

  @Test
  @DisplayName("the journal is compacted while the agent runs")
  void shouldCompactWhileRunning() {
    // given
    AgentScenario small = new AgentScenario(5_000).registered();
    int before = small.journal().compactions();
    // when
    for (int number = 0; number < 50; number++) {
      small.launch("t" + number);
      small.machine.exit("t" + number, 0);
      small.run().acknowledgeAll("t" + number);
    }
    // then
    assertThat(small.journal().compactions()).isGreaterThan(before + 1);
    assertThat(small.journal().bytes()).isLessThan(20_000);
    assertThat(small.restart().state().lastCommand()).isEqualTo(small.state().lastCommand());
  }

  @Test
  @DisplayName("a task whose command exits with another status than 0 has failed")
  void shouldFailByExitStatus() {
    // given
    TaskInfo.Builder task = task("t1");
    // when
    agent.command(agent.launching(task));
    agent.machine.exit("t1", 3);
    agent.run().acknowledgeAll("t1");
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_FAILED);
    assertThat(agent.last("t1").getMessage()).isEqualTo("Command exited with status 3");
  }

  @Test
  @DisplayName("what goes wrong with one launch in a way nobody thought of does not end the agent")
  void shouldOutliveOddLaunches() {
    // given
    agent.machine.broken = true;
    // when
    agent.command(agent.launching(task("t1")));
    agent.acknowledgeAll("t1");
    agent.machine.broken = false;
    agent.command(agent.launching(task("t2"))).run();
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_FAILED);
    assertThat(agent.last("t1").getMessage()).contains("an odd name");
    assertThat(agent.machine.everStarted).containsExactly("t2");
  }

  @Test
  @DisplayName("CP-321 an exit status above 128 is no signal")
  void shouldTellHighStatuses() {
    // given
    agent.launch("t1");
    // when
    agent.machine.end("t1", WaitStatus.exited(137));
    agent.run().acknowledgeAll("t1");
    // then
    assertThat(agent.last("t1").getMessage()).isEqualTo("Command exited with status 137");
  }

  @Test
  @DisplayName(
      "CP-347 a task that its supervisor ended for its time is told so, over a restart too")
  void shouldBelieveTheSupervisorsLimit() {
    // given
    agent.launch("t1");
    // when
    agent.machine.end("t1", new WaitStatus(9, true));
    agent.restart().registered().run().acknowledgeAll("t1");
    // then
    assertThat(agent.last("t1").getState()).isEqualTo(TASK_FAILED);
    assertThat(agent.last("t1").getReason())
        .isEqualTo(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
  }
}
