package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.id;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Launching, updates, kills, reconciliation. */
class TaskRulesTest {
  private static final String AGENT = "cpus:4;mem:1024;ports:[31000-31009]";

  private static final FrameworkInfo.Capability.Type AWARE =
      FrameworkInfo.Capability.Type.PARTITION_AWARE;

  private static Scenario running() {
    Scenario scenario =
        new Scenario().agent(0, AGENT).subscribe(framework("web", AWARE), "s1").allocate();
    return scenario.launch(0, "s1", scenario.offers(), task("t1", 0, "cpus:1;mem:64"));
  }

  private static Task known(Scenario scenario, String id) {
    return scenario.state().tasks().get(new TaskKey(new FrameworkId(id(0)), id));
  }

  private static List<Command> commands(Scenario scenario) {
    List<Command> commands = new ArrayList<>();
    scenario.state().commandsAfter(agentId(0), 0).forEach(commands::add);
    return commands;
  }

  private static void acknowledge(Scenario scenario, String task, ByteString uuid) {
    Call.Builder call = from(0, Call.Type.ACKNOWLEDGE);
    call.getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(TaskID.newBuilder().setValue(task))
        .setUuid(uuid);
    scenario.schedulerCall(call, "s1");
  }

  @Test
  @DisplayName("CP-253 CP-254 a launch is STAGING and a numbered command; the rest is filtered")
  void shouldLaunch() {
    Scenario scenario = running();
    assertThat(known(scenario, "t1").state()).isEqualTo(TaskState.TASK_STAGING);
    assertThat(scenario.statuses("s1")).isEmpty();
    assertThat(commands(scenario)).hasSize(1);
    assertThat(commands(scenario).get(0).getNumber()).isEqualTo(1);
    scenario.allocate();
    assertThat(scenario.offers()).as("the filter of 5 s holds").isEmpty();
    scenario.after(5.1).timers().allocate();
    assertThat(scenario.offered(scenario.offers().get(0)))
        .isEqualTo(Resources.of(ResourceText.parse("cpus:3;mem:960;ports:[31000-31009]")));
  }

  @Test
  @DisplayName("an ACCEPT repeated after its answer got lost changes nothing and is accepted")
  void shouldRecogniseRepeatedAccept() {
    Scenario scenario =
        new Scenario().agent(0, AGENT).subscribe(framework("web", AWARE), "s1").allocate();
    List<String> offers = scenario.offers();
    scenario.launch(0, "s1", offers, task("t1", 0, "cpus:1"));
    scenario.launch(0, "s1", offers, task("t1", 0, "cpus:1"));
    assertThat(scenario.events()).isZero();
    assertThat(scenario.statuses("s1")).isEmpty();
    assertThat(commands(scenario)).hasSize(1);
    ByteString uuid = scenario.update(0, id(0), "t1", TaskState.TASK_FINISHED);
    acknowledge(scenario, "t1", uuid);
    scenario.launch(0, "s1", offers, task("t1", 0, "cpus:1"));
    assertThat(scenario.events()).as("also when the task is over").isZero();
  }

  @Test
  @DisplayName("CP-137 CP-138 a task on a spent offer is dropped, or lost for the unaware")
  void shouldDropTaskOnSpentOffer() {
    Scenario scenario = running();
    scenario.launch(0, "s1", List.of("c-O0"), task("t2", 0, "cpus:1"));
    assertThat(scenario.statuses("s1")).hasSize(1);
    TaskStatus status = scenario.statuses("s1").get(0);
    assertThat(status.getState()).isEqualTo(TaskState.TASK_DROPPED);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_INVALID_OFFERS);
    assertThat(status.getSource()).isEqualTo(TaskStatus.Source.SOURCE_MASTER);
    assertThat(status.hasUuid()).isFalse();

    scenario.subscribe(framework("unaware"), "s2");
    scenario.launch(1, "s2", List.of("c-O0"), task("t3", 0, "cpus:1"));
    assertThat(scenario.statuses("s2").get(0).getState()).isEqualTo(TaskState.TASK_LOST);
  }

  @Test
  @DisplayName("CP-135 CP-139 ACCEPT of offers from two agents fails whole; the offers return")
  void shouldRefuseTwoAgents() {
    Scenario scenario =
        new Scenario()
            .agent(0, AGENT)
            .agent(1, AGENT)
            .subscribe(framework("web", AWARE), "s1")
            .allocate();
    assertThat(scenario.offers()).hasSize(2);
    scenario.launch(0, "s1", scenario.offers(), task("t1", 0, "cpus:1"));
    assertThat(scenario.statuses("s1").get(0).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_INVALID_OFFERS);
    assertThat(scenario.offers()).isEmpty();
    scenario.allocate();
    assertThat(scenario.offers()).hasSize(2);
  }

  @Test
  @DisplayName("CP-222 CP-225 each task is judged by what the ones before left")
  void shouldJudgeTasksInOrder() {
    Scenario scenario = new Scenario().agent(0, AGENT).subscribe(framework("web"), "s1").allocate();
    scenario.launch(
        0,
        "s1",
        scenario.offers(),
        task("fits", 0, "cpus:3"),
        task("too-much", 0, "cpus:2"),
        task("elsewhere", 1, "cpus:0.1"),
        task("nothing", 0, ""),
        task("also-fits", 0, "cpus:1"));
    assertThat(scenario.statuses("s1").stream().map(status -> status.getTaskId().getValue()))
        .containsExactly("too-much", "elsewhere", "nothing");
    assertThat(scenario.statuses("s1"))
        .allMatch(status -> status.getState() == TaskState.TASK_ERROR)
        .allMatch(status -> status.getReason() == TaskStatus.Reason.REASON_TASK_INVALID);
    assertThat(commands(scenario)).hasSize(2);
  }

  @Test
  @DisplayName("CP-095 a launch on one port splits the range")
  void shouldSplitPorts() {
    Scenario scenario = new Scenario().agent(0, AGENT).subscribe(framework("web"), "s1").allocate();
    scenario.launch(0, "s1", scenario.offers(), task("t", 0, "cpus:1;ports:[31005-31005]"));
    assertThat(scenario.state().agents().get(agentId(0)).free())
        .isEqualTo(
            Resources.of(ResourceText.parse("cpus:3;mem:1024;ports:[31000-31004,31006-31009]")));
  }

  @Test
  @DisplayName("CP-158 CP-174 a terminal update frees at once, completes when acknowledged")
  void shouldCompleteWhenAcknowledged() {
    Scenario scenario = running();
    ByteString uuid = scenario.update(0, id(0), "t1", TaskState.TASK_FINISHED);
    assertThat(scenario.statuses("s1").get(0).getUuid()).isEqualTo(uuid);
    assertThat(scenario.state().agents().get(agentId(0)).used().isEmpty()).isTrue();
    assertThat(known(scenario, "t1").terminal()).isTrue();
    acknowledge(scenario, "t1", uuid);
    assertThat(scenario.state().tasks().isEmpty()).isTrue();
    assertThat(scenario.completedTasks(0)).hasSize(1);
    List<Command> commands = commands(scenario);
    assertThat(commands.get(commands.size() - 1).getAcknowledge().getUuid()).isEqualTo(uuid);
  }

  @Test
  @DisplayName("CP-258 a terminal state stays; a later update is only passed on")
  void shouldKeepTerminalState() {
    Scenario scenario = running();
    scenario.update(0, id(0), "t1", TaskState.TASK_FINISHED);
    scenario.update(0, id(0), "t1", TaskState.TASK_RUNNING);
    assertThat(known(scenario, "t1").state()).isEqualTo(TaskState.TASK_FINISHED);
    assertThat(scenario.statuses("s1")).hasSize(1);
  }

  @Test
  @DisplayName("CP-124 what was not acknowledged comes again, with its uuid, on subscription")
  void shouldRepeatUnacknowledged() {
    Scenario scenario = running();
    ByteString uuid = scenario.update(0, id(0), "t1", TaskState.TASK_RUNNING);
    scenario.breakStream(0, "s1");
    scenario.subscribe(
        framework("web", AWARE).setId(FrameworkID.newBuilder().setValue(id(0))), "s2");
    assertThat(scenario.toldTypes("s2")).containsExactly(Event.Type.SUBSCRIBED, Event.Type.UPDATE);
    assertThat(scenario.statuses("s2").get(0).getUuid()).isEqualTo(uuid);
    scenario.update(0, id(0), "t1", TaskState.TASK_RUNNING, uuid);
    assertThat(scenario.statuses("s2").get(0).getUuid()).as("by the agent, too").isEqualTo(uuid);
  }

  @Test
  @DisplayName("an update of a task that nobody knows is disowned, so that the agent forgets it")
  void shouldDisownUnknown() {
    Scenario scenario = running();
    ByteString uuid = scenario.update(0, "nobody", "t9", TaskState.TASK_RUNNING);
    List<Command> commands = commands(scenario);
    assertThat(commands.get(commands.size() - 1).getAcknowledge().getUuid()).isEqualTo(uuid);
  }

  @Test
  @DisplayName("CP-151 CP-152 KILL: a command, a reconciliation, or nothing")
  void shouldKill() {
    Scenario scenario = running();
    Call.Builder elsewhere = from(0, Call.Type.KILL);
    elsewhere
        .getKillBuilder()
        .setTaskId(TaskID.newBuilder().setValue("t1"))
        .setAgentId(AgentID.newBuilder().setValue("other"));
    assertThat(scenario.schedulerCall(elsewhere, "s1").events()).isZero();
    Call.Builder kill = from(0, Call.Type.KILL);
    kill.getKillBuilder().setTaskId(TaskID.newBuilder().setValue("t1"));
    scenario.schedulerCall(kill, "s1");
    assertThat(commands(scenario).get(1).getKill().getTaskId().getValue()).isEqualTo("t1");
    Call.Builder unknown = from(0, Call.Type.KILL);
    unknown.getKillBuilder().setTaskId(TaskID.newBuilder().setValue("t9"));
    scenario.schedulerCall(unknown, "s1");
    assertThat(scenario.statuses("s1").get(0).getState()).isEqualTo(TaskState.TASK_UNKNOWN);
  }

  @Test
  @DisplayName("CP-241 CP-244 RECONCILE of nothing tells each active task, in the master's name")
  void shouldReconcile() {
    Scenario scenario = running();
    ByteString uuid = scenario.update(0, id(0), "t1", TaskState.TASK_RUNNING);
    acknowledge(scenario, "t1", uuid);
    Call.Builder implicit = from(0, Call.Type.RECONCILE);
    implicit.getReconcileBuilder();
    scenario.schedulerCall(implicit, "s1");
    assertThat(scenario.statuses("s1")).hasSize(1);
    TaskStatus known = scenario.statuses("s1").get(0);
    assertThat(known.getState()).isEqualTo(TaskState.TASK_RUNNING);
    assertThat(known.getReason()).isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
    assertThat(known.getSource()).isEqualTo(TaskStatus.Source.SOURCE_MASTER);
    assertThat(known.hasUuid()).isFalse();
    assertThat(known.getMessage()).isEqualTo("Reconciliation: Latest task state");
  }

  @Test
  @DisplayName("CP-243 RECONCILE of an active task tells its state")
  void shouldReconcileOneTask() {
    // given
    Scenario scenario = running();
    Call.Builder explicit = from(0, Call.Type.RECONCILE);
    explicit.getReconcileBuilder().addTasksBuilder().setTaskId(TaskID.newBuilder().setValue("t1"));

    // when
    scenario.schedulerCall(explicit, "s1");

    // then
    assertThat(scenario.statuses("s1")).hasSize(1);
    assertThat(scenario.statuses("s1").get(0).getState()).isEqualTo(TaskState.TASK_STAGING);
    assertThat(scenario.statuses("s1").get(0).getReason())
        .isEqualTo(TaskStatus.Reason.REASON_RECONCILIATION);
  }

  @Test
  @DisplayName("CP-245 CP-248 RECONCILE of what nobody has is gone, or unknown")
  void shouldReconcileWhatIsNotThere() {
    Scenario scenario = running();
    Call.Builder explicit = from(0, Call.Type.RECONCILE);
    explicit
        .getReconcileBuilder()
        .addTasksBuilder()
        .setTaskId(TaskID.newBuilder().setValue("t8"))
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()));
    explicit.getReconcileBuilder().addTasksBuilder().setTaskId(TaskID.newBuilder().setValue("t9"));
    scenario.schedulerCall(explicit, "s1");
    assertThat(scenario.statuses("s1").stream().map(TaskStatus::getState))
        .containsExactly(TaskState.TASK_GONE, TaskState.TASK_UNKNOWN);
  }

  @Test
  @DisplayName("CP-257 a task whose end an update tells ahead frees its resources at once")
  void shouldFreeByTheLatestStateThatAnUpdateTells() {
    // given
    Scenario scenario = running();
    ByteString first = scenario.update(0, id(0), "t1", TaskState.TASK_STARTING);
    // when
    scenario.updateAgain(0, id(0), "t1", TaskState.TASK_STARTING, first, TaskState.TASK_FINISHED);
    // then
    assertThat(known(scenario, "t1").state()).isEqualTo(TaskState.TASK_FINISHED);
    assertThat(scenario.state().agents().get(agentId(0)).used().isEmpty()).isTrue();
    assertThat(scenario.statuses("s1"))
        .as("the pending update is forwarded again, and no other")
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_STARTING);
  }

  @Test
  @DisplayName("CP-257 a task whose end was told ahead still has its updates forwarded in order")
  void shouldForwardUpdatesOneByOneAfterTheEndWasTold() {
    // given
    Scenario scenario = running();
    ByteString first = scenario.update(0, id(0), "t1", TaskState.TASK_STARTING);
    scenario.updateAgain(0, id(0), "t1", TaskState.TASK_STARTING, first, TaskState.TASK_FINISHED);
    // when
    acknowledge(scenario, "t1", first);
    ByteString last = scenario.update(0, id(0), "t1", TaskState.TASK_FINISHED);
    // then
    assertThat(scenario.statuses("s1"))
        .extracting(TaskStatus::getState)
        .containsExactly(TaskState.TASK_FINISHED);
    acknowledge(scenario, "t1", last);
    assertThat(scenario.state().tasks().isEmpty()).isTrue();
  }
}
