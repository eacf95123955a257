package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Label;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What one launch asks for twice: a port, or a member of a set, is there once. To unite such
 * demands before they are compared would hide the second one, and freeing the first would then take
 * what the second still holds.
 */
class OverlapRulesTest {
  private static final int FRAMEWORK = 0;
  private static final String STREAM = "s";
  private static final String EXECUTOR_NEEDS = "cpus:0.1;mem:32;disk:10";

  private final Scenario scenario = new Scenario();

  @BeforeEach
  void givenAnOfferOfPortsAndZones() {
    scenario
        .agent(0, "cpus:4;mem:1024;disk:1000;ports:[31000-31009];zones:{a,b,c}")
        .subscribe(framework("f", FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT), STREAM)
        .allocate();
  }

  private static ExecutorInfo.Builder customExecutor(String resources) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue("e"))
        .setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(FRAMEWORK)))
        .setCommand(CommandInfo.newBuilder().setValue("run"))
        .addAllResources(ResourceText.parse(resources));
  }

  private static ExecutorInfo.Builder defaultExecutor(String resources) {
    return customExecutor(resources).clearCommand().setType(ExecutorInfo.Type.DEFAULT);
  }

  private static Operation.Builder group(ExecutorInfo.Builder executor, TaskInfo.Builder... tasks) {
    Operation.Builder operation = Operation.newBuilder().setType(Operation.Type.LAUNCH_GROUP);
    operation.getLaunchGroupBuilder().setExecutor(executor);
    for (TaskInfo.Builder task : tasks) {
      operation.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(task);
    }
    return operation;
  }

  private static TaskInfo.Builder under(ExecutorInfo.Builder executor, TaskInfo.Builder task) {
    return task.clearCommand().setExecutor(executor);
  }

  private void accept(Operation.Builder... operations) {
    scenario.accept(FRAMEWORK, STREAM, operations);
  }

  private void assertAllRefused(TaskStatus.Reason reason, String cause) {
    assertThat(scenario.statuses(STREAM))
        .isNotEmpty()
        .allSatisfy(
            status -> {
              assertThat(status.getState()).isEqualTo(TaskState.TASK_ERROR);
              assertThat(status.getReason()).isEqualTo(reason);
              assertThat(status.getMessage()).contains(cause);
            });
    assertThat(scenario.state().tasks().isEmpty()).isTrue();
  }

  private void assertTeardownFreesAll() {
    scenario.schedulerCall(from(FRAMEWORK, Call.Type.TEARDOWN), STREAM);
    assertThat(scenario.state().frameworks().isEmpty()).isTrue();
    assertThat(scenario.state().agents().get(agentId(0)).used().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("CP-235 two tasks of a group that ask for one port are refused")
  void shouldRefuseOnePortForTwoTasksOfAGroup() {
    // given
    TaskInfo.Builder one = task("a", 0, "cpus:1;ports:[31000-31000]");
    TaskInfo.Builder other = task("b", 0, "cpus:1;ports:[31000-31000]");
    // when
    accept(group(defaultExecutor(EXECUTOR_NEEDS), one, other));
    // then
    assertAllRefused(TaskStatus.Reason.REASON_TASK_GROUP_INVALID, "'ports'");
    assertTeardownFreesAll();
  }

  @Test
  @DisplayName("CP-235 two tasks of a group that ask for one member of a set are refused")
  void shouldRefuseOneSetMemberForTwoTasksOfAGroup() {
    // given
    TaskInfo.Builder one = task("a", 0, "cpus:1;zones:{a,b}");
    TaskInfo.Builder other = task("b", 0, "cpus:1;zones:{b,c}");
    // when
    accept(group(defaultExecutor(EXECUTOR_NEEDS), one, other));
    // then
    assertAllRefused(TaskStatus.Reason.REASON_TASK_GROUP_INVALID, "'zones'");
    assertTeardownFreesAll();
  }

  @Test
  @DisplayName("CP-235 a group's executor and its task that ask for one port are refused")
  void shouldRefuseOnePortForAGroupsExecutorAndTask() {
    // given
    ExecutorInfo.Builder executor = defaultExecutor(EXECUTOR_NEEDS + ";ports:[31000-31004]");
    TaskInfo.Builder task = task("a", 0, "cpus:1;ports:[31004-31005]");
    // when
    accept(group(executor, task));
    // then
    assertAllRefused(TaskStatus.Reason.REASON_TASK_GROUP_INVALID, "'ports'");
    assertTeardownFreesAll();
  }

  @Test
  @DisplayName("CP-228 a task and its new executor that ask for one port are refused")
  void shouldRefuseOnePortForATaskAndItsExecutor() {
    // given
    ExecutorInfo.Builder executor = customExecutor("cpus:0.1;ports:[31000-31000]");
    TaskInfo.Builder task = task("a", 0, "cpus:1;ports:[31000-31001]");
    // when
    accept(launching(under(executor, task)));
    // then
    assertAllRefused(TaskStatus.Reason.REASON_TASK_INVALID, "'ports'");
    assertTeardownFreesAll();
  }

  @Test
  @DisplayName("CP-228 a task that names a port in two of its resources is refused")
  void shouldRefuseOnePortTwiceInATask() {
    // given
    TaskInfo.Builder task =
        task("a", 0, "cpus:1;ports:[31000-31004]")
            .addAllResources(ResourceText.parse("ports:[31004-31005]"));
    // when
    accept(launching(task));
    // then
    assertAllRefused(TaskStatus.Reason.REASON_TASK_INVALID, "'ports'");
  }

  @Test
  @DisplayName("CP-229 what an earlier operation of the ACCEPT took is not there for a later one")
  void shouldRefuseOnePortForTwoOperations() {
    // given
    TaskInfo.Builder first = task("a", 0, "cpus:1;ports:[31000-31000]");
    TaskInfo.Builder second = task("b", 0, "cpus:1;ports:[31000-31000]");
    // when
    accept(launching(first), group(defaultExecutor(EXECUTOR_NEEDS), second));
    // then
    assertThat(scenario.statuses(STREAM))
        .extracting(status -> status.getTaskId().getValue(), TaskStatus::getState)
        .containsExactly(org.assertj.core.groups.Tuple.tuple("b", TaskState.TASK_ERROR));
    assertTeardownFreesAll();
  }

  @Test
  @DisplayName("CP-235 tasks of a group that ask for different ports are launched")
  void shouldLaunchDisjointTasksOfAGroup() {
    // given
    TaskInfo.Builder one = task("a", 0, "cpus:1;ports:[31000-31000];zones:{a}");
    TaskInfo.Builder other = task("b", 0, "cpus:1;ports:[31001-31001];zones:{b}");
    // when
    accept(group(defaultExecutor(EXECUTOR_NEEDS + ";ports:[31002-31002]"), one, other));
    // then
    assertThat(scenario.state().tasks().size()).isEqualTo(2);
    assertTeardownFreesAll();
  }

  private static Resource reservedPorts(String range, String label) {
    Resource.Builder ports = ResourceText.parse("ports:" + range).get(0).toBuilder();
    ports.clearRole();
    ports
        .addReservationsBuilder()
        .setType(Resource.ReservationInfo.Type.DYNAMIC)
        .setRole("dev")
        .getLabelsBuilder()
        .addLabels(Label.newBuilder().setKey("for").setValue(label));
    return ports.build();
  }

  @Test
  @DisplayName("CP-197 one port cannot be reserved twice by one RESERVE")
  void shouldRefuseToReserveOnePortTwice() {
    // given
    Scenario reserving =
        new Scenario()
            .agent(0, "cpus:4;ports:[31000-31009]")
            .subscribe(framework("f").clearRoles().addRoles("dev"), STREAM)
            .allocate();
    Operation.Builder operation = Operation.newBuilder().setType(Operation.Type.RESERVE);
    operation
        .getReserveBuilder()
        .addResources(reservedPorts("[31000-31004]", "one"))
        .addResources(reservedPorts("[31003-31005]", "other"));
    // when
    reserving.accept(FRAMEWORK, STREAM, operation);
    // then
    assertThat(reserving.state().operations().isEmpty()).isTrue();
    assertThat(reserving.state().agents().get(agentId(0)).total().toString())
        .contains("ports:[31000-31009]");
  }

  @Test
  @DisplayName("CP-197 ports of one RESERVE that do not overlap are reserved")
  void shouldReserveDisjointPorts() {
    // given
    Scenario reserving =
        new Scenario()
            .agent(0, "cpus:4;ports:[31000-31009]")
            .subscribe(framework("f").clearRoles().addRoles("dev"), STREAM)
            .allocate();
    Operation.Builder operation = Operation.newBuilder().setType(Operation.Type.RESERVE);
    operation
        .getReserveBuilder()
        .addResources(reservedPorts("[31000-31002]", "one"))
        .addResources(reservedPorts("[31003-31005]", "other"));
    // when
    reserving.accept(FRAMEWORK, STREAM, operation);
    // then
    assertThat(reserving.state().operations().size()).isEqualTo(1);
  }
}
