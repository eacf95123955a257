package io.quorate.agent.task;

import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.HostVariables;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorId;
import io.quorate.protocol.text.MesosDurations;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The environment of what the agent starts (Mesos 4.6; CP-316 to CP-319). */
public final class Variables {
  private Variables() {}

  /** Of a task that the agent runs itself. MESOS_TASK_ID is set besides what Mesos sets. */
  public static Map<String, String> task(
      AgentSettings settings, String agentId, AgentTask task, TaskProcess process) {
    Map<String, String> variables =
        common(settings, agentId, task.executor(), task.framework(), process, task.docker());
    variables.put("MESOS_TASK_ID", task.id().task());
    if (task.run().nested()) {
      variables.put("MESOS_CONTAINER_IP", settings.ip());
    }
    addRole(variables, task.info().getResourcesList());
    addOwn(variables, task.info().getCommand());
    return variables;
  }

  /** Returns the environment of an executor that a framework described. */
  public static Map<String, String> executor(
      AgentSettings settings,
      String agentId,
      FrameworkInfo framework,
      ExecutorInfo info,
      Duration shutdownGrace,
      String token,
      TaskProcess process) {
    ExecutorId id = new ExecutorId(framework.getId().getValue(), info.getExecutorId().getValue());
    boolean docker =
        info.hasContainer() && info.getContainer().getType() == ContainerInfo.Type.DOCKER;
    Map<String, String> variables = common(settings, agentId, id, framework, process, docker);
    variables.put("LIBPROCESS_PORT", "0");
    variables.put("MESOS_HTTP_COMMAND_EXECUTOR", "0");
    variables.put("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", MesosDurations.print(shutdownGrace));
    variables.put("MESOS_EXECUTOR_AUTHENTICATION_TOKEN", token);
    if (framework.getCheckpoint()) {
      variables.put(
          "MESOS_RECOVERY_TIMEOUT", MesosDurations.print(settings.executors().recoveryTimeout()));
      variables.put(
          "MESOS_SUBSCRIPTION_BACKOFF_MAX",
          MesosDurations.print(settings.executors().reregistrationTimeout()));
    }
    addOwn(variables, info.getCommand());
    return variables;
  }

  /**
   * What all have.
   *
   * @param docker whether there is an image, whose own variables say where programs are
   */
  private static Map<String, String> common(
      AgentSettings settings,
      String agentId,
      ExecutorId executor,
      FrameworkInfo framework,
      TaskProcess process,
      boolean docker) {
    String sandbox = process.sandbox().toString();
    Map<String, String> variables =
        new LinkedHashMap<>(
            docker
                ? settings.executors().environment().orElseGet(Map::of)
                : HostVariables.of(System.getenv(), settings.executors().environment()));
    variables.put("MESOS_FRAMEWORK_ID", executor.framework());
    variables.put("MESOS_EXECUTOR_ID", executor.executor());
    variables.put("MESOS_SLAVE_ID", agentId);
    variables.put("MESOS_AGENT_ENDPOINT", settings.ip() + ":" + settings.port());
    variables.put("MESOS_SLAVE_PID", "slave(1)@" + settings.ip() + ":" + settings.port());
    variables.put("MESOS_DIRECTORY", sandbox);
    variables.put("MESOS_SANDBOX", sandbox);
    variables.put("MESOS_CHECKPOINT", framework.getCheckpoint() ? "1" : "0");
    variables.put(SupervisedProcess.CONTAINER_VARIABLE, process.container());
    return variables;
  }

  private static void addRole(Map<String, String> variables, List<Resource> resources) {
    if (!resources.isEmpty()) {
      variables.put("MESOS_ALLOCATION_ROLE", resources.get(0).getAllocationInfo().getRole());
    }
  }

  private static void addOwn(Map<String, String> variables, CommandInfo command) {
    for (Environment.Variable variable : command.getEnvironment().getVariablesList()) {
      variables.put(variable.getName(), variable.getValue());
    }
  }
}
