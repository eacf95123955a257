package io.quorate.master.decide;

import static io.quorate.master.decide.AgentCalls.report;
import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExecutorRulesTest {
  private static final String AGENT = "cpus:4;mem:1024;disk:1000";
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void frameworkAndOffer() {
    scenario.agent(0, AGENT).subscribe(framework("f").setCheckpoint(true), "s").allocate();
  }

  private static ExecutorInfo.Builder executor(String id, String resources) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue(id))
        .setCommand(CommandInfo.newBuilder().setValue("run"))
        .addAllResources(ResourceText.parse(resources));
  }

  private static TaskInfo.Builder under(ExecutorInfo.Builder executor, String task) {
    return task(task, 0, "cpus:1").clearCommand().setExecutor(executor);
  }

  private static Operation.Builder group(ExecutorInfo.Builder executor, TaskInfo.Builder... tasks) {
    Operation.Builder operation = Operation.newBuilder().setType(Operation.Type.LAUNCH_GROUP);
    operation
        .getLaunchGroupBuilder()
        .setExecutor(executor.setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(0))));
    for (TaskInfo.Builder task : tasks) {
      operation.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(task);
    }
    return operation;
  }

  private static ExecutorInfo.Builder groupExecutor() {
    return executor("e", "cpus:0.1;mem:32;disk:10")
        .setType(ExecutorInfo.Type.DEFAULT)
        .clearCommand();
  }

  private String used() {
    return scenario.state().agents().get(agentId(0)).used().toString();
  }

  private boolean runs(String executor) {
    return scenario
        .state()
        .executors()
        .has(new ExecutorKey(new FrameworkId(Scenario.id(0)), agentId(0), executor));
  }

  private String why() {
    assertThat(scenario.statuses("s"))
        .extracting(TaskStatus::getState)
        .containsOnly(TaskState.TASK_ERROR);
    return scenario.statuses("s").get(0).getMessage();
  }

  private Scenario agentSays(AgentCall.Builder call) {
    return scenario.agentCall(
        call.setAgentId(AgentID.newBuilder().setValue(agentId(0).value())),
        scenario.state().agents().get(agentId(0)).linkId());
  }

  private Scenario exits(String executor) {
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.EXECUTOR_EXITED);
    call.getExecutorExitedBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(0)))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor))
        .setStatus(9);
    return agentSays(call);
  }

  @Test
  @DisplayName("CP-227, CP-233 an executor is charged once, and its framework id filled in")
  void shouldChargeOnce() {
    ExecutorInfo.Builder executor = executor("e", "cpus:0.5;mem:64");
    scenario.accept(0, "s", launching(under(executor, "a"), under(executor, "b")));
    assertThat(used()).isEqualTo("cpus:2.5; mem:64");
    assertThat(runs("e")).isTrue();
    assertThat(
            scenario
                .commands(0)
                .get(0)
                .getLaunch()
                .getTaskInfo()
                .getExecutor()
                .getFrameworkId()
                .getValue())
        .isEqualTo(Scenario.id(0));
  }

  @Test
  @DisplayName("CP-196 an offer lists the framework's executors on the agent")
  void shouldListExecutors() {
    scenario.accept(0, "s", launching(under(executor("e", "cpus:0.5"), "a")));
    scenario.after(10).timers().allocate();
    assertThat(scenario.told("s").get(0).getOffers().getOffers(0).getExecutorIdsList())
        .extracting(ExecutorID::getValue)
        .containsExactly("e");
  }

  @Test
  @DisplayName("CP-226 another executor under a running id")
  void shouldCompare() {
    scenario.accept(
        0,
        "s",
        launching(under(executor("e", "cpus:0.5"), "a"), under(executor("e", "cpus:0.6"), "b")));
    assertThat(why()).contains("'e'");
    assertThat(scenario.state().tasks().size()).isEqualTo(1);
  }

  @Test
  @DisplayName("Executors of a LAUNCH: type, command, id, framework id (Mesos 3.6.1, 13)")
  void shouldRefuseExecutors() {
    ExecutorInfo.Builder foreign =
        executor("e", "cpus:0.1").setFrameworkId(FrameworkID.newBuilder().setValue("x"));
    scenario.accept(
        0,
        "s",
        launching(
            under(executor("e", "cpus:0.1").setType(ExecutorInfo.Type.DEFAULT), "a"),
            under(executor("e", "cpus:0.1").clearCommand(), "b"),
            under(executor("a/b", "cpus:0.1"), "c"),
            under(foreign, "d")));
    assertThat(scenario.statuses("s"))
        .extracting(TaskStatus::getMessage)
        .satisfiesExactly(
            type -> assertThat(type).contains("CUSTOM"),
            command -> assertThat(command).contains("'ExecutorInfo.command'"),
            id -> assertThat(id).contains("invalid characters"),
            owner -> assertThat(owner).contains("FrameworkID"));
  }

  @Test
  @DisplayName("CP-171 an executor's exit is a FAILURE with its status, told once")
  void shouldTellExits() {
    scenario.accept(0, "s", launching(under(executor("e", "cpus:0.5"), "a")));
    exits("e");
    Event.Failure failure = scenario.told("s").get(0).getFailure();
    assertThat(failure.getExecutorId().getValue()).isEqualTo("e");
    assertThat(failure.getStatus()).isEqualTo(9);
    assertThat(runs("e")).isFalse();
    assertThat(used()).isEqualTo("cpus:1");
    exits("e");
    assertThat(scenario.told("s")).isEmpty();
  }

  @Test
  @DisplayName("CP-162, CP-163 SHUTDOWN and MESSAGE reach a running executor, or nobody")
  void shouldReachExecutors() {
    scenario.accept(0, "s", launching(under(executor("e", "cpus:0.5"), "a")));
    ByteString data = ByteString.copyFrom(new byte[] {0, -1, 7});
    message("e", data);
    message("other", data);
    shutdown("e");
    shutdown("other");
    assertThat(scenario.commands(0).stream().skip(1).map(Command::getWhatCase))
        .containsExactly(Command.WhatCase.MESSAGE, Command.WhatCase.SHUTDOWN_EXECUTOR);
    assertThat(scenario.commands(0).get(1).getMessage().getData()).isEqualTo(data);
  }

  private void message(String executor, ByteString data) {
    Call.Builder call = from(0, Call.Type.MESSAGE);
    call.getMessageBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor))
        .setData(data);
    scenario.schedulerCall(call, "s");
  }

  private void shutdown(String executor) {
    Call.Builder call = from(0, Call.Type.SHUTDOWN);
    call.getShutdownBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor));
    scenario.schedulerCall(call, "s");
  }

  @Test
  @DisplayName("A message of an executor reaches its scheduler (Mesos 3.4)")
  void shouldPassMessages() {
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.EXECUTOR_MESSAGE);
    call.getExecutorMessageBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(0)))
        .setExecutorId(ExecutorID.newBuilder().setValue("e"))
        .setData(ByteString.copyFromUtf8("hello"));
    agentSays(call);
    Event.Message message = scenario.told("s").get(0).getMessage();
    assertThat(message.getData().toStringUtf8()).isEqualTo("hello");
    assertThat(message.getAgentId().getValue()).isEqualTo(agentId(0).value());
  }

  @Test
  @DisplayName("CP-240 a valid task group is one command to the agent")
  void shouldLaunchGroups() {
    scenario.accept(0, "s", group(groupExecutor(), task("a", 0, "cpus:1"), task("b", 0, "cpus:1")));
    assertThat(scenario.told("s")).isEmpty();
    assertThat(used()).isEqualTo("cpus:2.1; disk:10; mem:32");
    Command.LaunchGroup command = scenario.commands(0).get(0).getLaunchGroup();
    assertThat(command.getTaskGroup().getTasksList())
        .extracting(task -> task.getExecutor().getExecutorId().getValue())
        .containsExactly("e", "e");
    assertThat(scenario.commands(0)).hasSize(1);
  }

  @Test
  @DisplayName("CP-235 one invalid task, and the whole group is refused")
  void shouldRefuseWholeGroups() {
    scenario.accept(0, "s", group(groupExecutor(), task("a", 0, "cpus:1"), task("b", 0, "cpus:9")));
    assertThat(scenario.statuses("s"))
        .extracting(TaskStatus::getReason)
        .containsOnly(TaskStatus.Reason.REASON_TASK_GROUP_INVALID)
        .hasSize(2);
    assertThat(runs("e")).isFalse();
  }

  @Test
  @DisplayName("CP-236, CP-237 the executor of a group has a type and no command")
  void shouldRefuseGroupExecutors() {
    refusedGroup(groupExecutor().clearType(), "'ExecutorInfo.type'");
    refusedGroup(
        groupExecutor().setCommand(CommandInfo.newBuilder().setValue("x")),
        "'ExecutorInfo.command'");
  }

  @Test
  @DisplayName("CP-238 the executor of a group has cpus, memory and disk")
  void shouldRefuseGroupExecutorsWithoutResources() {
    refusedGroup(
        executor("e", "mem:32;disk:1").clearCommand().setType(ExecutorInfo.Type.DEFAULT), "cpus");
    refusedGroup(
        executor("e", "cpus:1;disk:1").clearCommand().setType(ExecutorInfo.Type.DEFAULT), "mem");
    refusedGroup(
        executor("e", "cpus:1;mem:32").clearCommand().setType(ExecutorInfo.Type.DEFAULT), "disk");
  }

  private void refusedGroup(ExecutorInfo.Builder executor, String field) {
    scenario.accept(0, "s", group(executor, task("a", 0, "cpus:1")));
    assertThat(why()).contains(field);
    scenario.after(10).timers().allocate();
  }

  @Test
  @DisplayName("CP-239 a group's task in a DOCKER container")
  void shouldRefuseDocker() {
    TaskInfo.Builder docker = task("a", 0, "cpus:1");
    docker
        .getContainerBuilder()
        .setType(ContainerInfo.Type.DOCKER)
        .getDockerBuilder()
        .setImage("i");
    scenario.accept(0, "s", group(groupExecutor(), docker));
    assertThat(why()).contains("Docker");
  }

  @Test
  @DisplayName("An executor that the agent lacks when it comes back is gone, without a word")
  void shouldForgetLostExecutors() {
    scenario.accept(0, "s", launching(under(executor("e", "cpus:0.5"), "a")));
    scenario.reconnect(0, AGENT, report(0, "a", TaskState.TASK_RUNNING));
    assertThat(runs("e")).isFalse();
    assertThat(scenario.told("s")).isEmpty();
  }

  @Test
  @DisplayName("A launch says whether its executor begins with it (Mesos 4.6)")
  void shouldSayWhatIsNew() {
    ExecutorInfo.Builder executor = executor("e", "cpus:0.5");
    scenario.accept(0, "s", launching(under(executor, "a"), under(executor, "b")));
    assertThat(scenario.commands(0))
        .extracting(command -> command.getLaunch().getNewExecutor())
        .containsExactly(true, false);
    exits("e");
    scenario.after(10).timers().allocate();
    scenario.accept(0, "s", launching(under(executor, "c")));
    assertThat(scenario.commands(0).get(scenario.commands(0).size() - 1).getLaunch())
        .matches(launch -> launch.getNewExecutor());
  }

  @Test
  @DisplayName("An executor that runs though it was told to be gone is shut down")
  void shouldEndStrayExecutors() {
    AgentCall.Builder call = AgentCalls.registration(0, AGENT);
    call.setAgentId(AgentID.newBuilder().setValue(agentId(0).value()));
    call.getSubscribeBuilder()
        .addExecutorsBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(0)))
        .setExecutorId(ExecutorID.newBuilder().setValue("stray"));
    scenario.agentCall(call, "again");
    assertThat(scenario.commands(0))
        .extracting(command -> command.getShutdownExecutor().getExecutorId().getValue())
        .containsExactly("stray");
  }

  @Test
  @DisplayName("CP-112 TEARDOWN ends executors, also those without a task")
  void shouldEndExecutors() {
    scenario.accept(0, "s", launching(under(executor("e", "cpus:0.5"), "a")));
    ByteString uuid = scenario.update(0, Scenario.id(0), "a", TaskState.TASK_FINISHED);
    Call.Builder acknowledge = from(0, Call.Type.ACKNOWLEDGE);
    acknowledge
        .getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(io.quorate.protocol.v1.TaskID.newBuilder().setValue("a"))
        .setUuid(uuid);
    scenario.schedulerCall(acknowledge, "s");
    assertThat(used()).isEqualTo("cpus:0.5");
    scenario.schedulerCall(from(0, Call.Type.TEARDOWN), "s");
    assertThat(scenario.commands(0)).anyMatch(Command::hasShutdownFramework);
    assertThat(used()).isEmpty();
  }
}
