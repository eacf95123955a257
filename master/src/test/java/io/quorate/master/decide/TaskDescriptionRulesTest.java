package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.launching;
import static io.quorate.master.decide.Scenario.task;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.Volume;
import io.quorate.protocol.v1.scheduler.Call;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TaskDescriptionRulesTest {
  private final Scenario scenario = new Scenario();

  @BeforeEach
  void offer() {
    AgentCall.Builder agent = AgentCalls.registration(0, "cpus:4;mem:1024");
    agent
        .getSubscribeBuilder()
        .getAgentInfoBuilder()
        .addResources(
            ResourceText.parse("cpus:2").get(0).toBuilder()
                .setRevocable(Resource.RevocableInfo.getDefaultInstance()));
    scenario
        .agentCall(agent, "link0")
        .subscribe(framework("f", FrameworkInfo.Capability.Type.REVOCABLE_RESOURCES), "s")
        .allocate();
  }

  private void refused(TaskInfo.Builder task, String why) {
    scenario.accept(0, "s", launching(task));
    TaskStatus status = scenario.statuses("s").get(0);
    assertThat(status.getState()).isEqualTo(TaskState.TASK_ERROR);
    assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
    assertThat(status.getMessage()).contains(why);
    scenario.after(10).timers().allocate();
  }

  private static TaskInfo.Builder any() {
    return task("t", 0, "cpus:1;mem:10");
  }

  @Test
  @DisplayName("CP-228 revocable and other amounts of one resource")
  void shouldNotMix() {
    refused(
        any()
            .addResources(
                ResourceText.parse("cpus:1").get(0).toBuilder()
                    .setRevocable(Resource.RevocableInfo.getDefaultInstance())),
        "mixes revocable");
  }

  @Test
  @DisplayName("CP-229 limits: of cpus and mem only, at least the request, and of a capable agent")
  void shouldCheckLimits() {
    refused(any().putLimits("cpus", scalar(0.5)), "less than its request");
    refused(any().putLimits("disk", scalar(5)), "'disk'");
    refused(task("t", 0, "cpus:1").putLimits("mem", scalar(5)), "its resources do not");
    refused(any().putLimits("cpus", scalar(Double.POSITIVE_INFINITY)), "not supported by agent");
  }

  private static Value.Scalar scalar(double value) {
    return Value.Scalar.newBuilder().setValue(value).build();
  }

  @Test
  @DisplayName("CP-230 no time runs backwards")
  void shouldCheckDurations() {
    TaskInfo.Builder grace = any();
    grace.getKillPolicyBuilder().getGracePeriodBuilder().setNanoseconds(-1);
    refused(grace, "'kill_policy.grace_period'");
    TaskInfo.Builder completion = any();
    completion.getMaxCompletionTimeBuilder().setNanoseconds(-1);
    refused(completion, "'max_completion_time'");
  }

  @Test
  @DisplayName("CP-231 a health check says what its type needs")
  void shouldCheckHealthChecks() {
    refused(with(HealthCheck.newBuilder().setType(HealthCheck.Type.HTTP)), "'http' must be set");
    refused(
        with(HealthCheck.newBuilder().setType(HealthCheck.Type.COMMAND)), "'command' must be set");
    refused(with(HealthCheck.newBuilder()), "'type' is not set");
    HealthCheck.Builder path = HealthCheck.newBuilder().setType(HealthCheck.Type.HTTP);
    path.getHttpBuilder().setPort(80).setPath("relative");
    refused(with(path), "begin with '/'");
    HealthCheck.Builder delay = HealthCheck.newBuilder().setType(HealthCheck.Type.TCP);
    delay.setDelaySeconds(-1).getTcpBuilder().setPort(80);
    refused(with(delay), "'delay_seconds'");
  }

  private static TaskInfo.Builder with(HealthCheck.Builder check) {
    return any().setHealthCheck(check);
  }

  @Test
  @DisplayName("CP-232 a variable is a value or a secret, as its type says")
  void shouldCheckVariables() {
    refused(with(Environment.Variable.Type.SECRET), "must have a secret set");
    refused(with(Environment.Variable.Type.UNKNOWN), "is not allowed");
  }

  private static TaskInfo.Builder with(Environment.Variable.Type type) {
    TaskInfo.Builder task = any();
    task.getCommandBuilder()
        .getEnvironmentBuilder()
        .addVariablesBuilder()
        .setName("V")
        .setType(type)
        .setValue("plain");
    return task;
  }

  @Test
  @DisplayName("A volume of a container comes from exactly one place (Mesos 3.6.1, 10)")
  void shouldCheckVolumes() {
    TaskInfo.Builder task = any();
    task.getContainerBuilder()
        .setType(io.quorate.protocol.v1.ContainerInfo.Type.MESOS)
        .addVolumesBuilder()
        .setContainerPath("p")
        .setMode(Volume.Mode.RW);
    refused(task, "exactly one of");
  }

  @Test
  @DisplayName("CP-220, CP-261 the id of a completed task again; no data is kept")
  void shouldReuseIds() {
    scenario.accept(0, "s", launching(any()));
    ByteString uuid = ByteString.copyFromUtf8("0123456789abcdef");
    AgentCall.Builder update = AgentCall.newBuilder().setType(AgentCall.Type.UPDATE);
    update.setAgentId(AgentID.newBuilder().setValue(agentId(0).value()));
    update
        .getUpdateBuilder()
        .setLatestState(TaskState.TASK_FINISHED)
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue("t"))
                .setState(TaskState.TASK_FINISHED)
                .setData(ByteString.copyFromUtf8("secret"))
                .setUuid(uuid));
    update.getUpdateBuilder().getFrameworkIdBuilder().setValue(Scenario.id(0));
    scenario.agentCall(update, "link0");
    assertThat(scenario.statuses("s").get(0).getData().toStringUtf8()).isEqualTo("secret");
    TaskKey key = new TaskKey(new FrameworkId(Scenario.id(0)), "t");
    assertThat(scenario.state().tasks().get(key).lastStatus().hasData()).isFalse();

    Call.Builder acknowledge = from(0, Call.Type.ACKNOWLEDGE);
    acknowledge
        .getAcknowledgeBuilder()
        .setAgentId(AgentID.newBuilder().setValue(agentId(0).value()))
        .setTaskId(TaskID.newBuilder().setValue("t"))
        .setUuid(uuid);
    scenario.schedulerCall(acknowledge, "s").after(10).timers().allocate();
    scenario.accept(0, "s", launching(any()));
    assertThat(scenario.statuses("s")).isEmpty();
    assertThat(scenario.state().tasks().has(key)).isTrue();
  }
}
