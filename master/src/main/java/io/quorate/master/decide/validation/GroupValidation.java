package io.quorate.master.decide.validation;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** The rules for a task group and its executor (Mesos 3.6.2; CP-235 to CP-239). */
public final class GroupValidation {
  private static final long CPUS_MILLIS_MIN = 10;
  private static final long MEM_MILLIS_MIN = 32_000;

  private final MasterState state;
  private final Framework framework;
  private final Agent agent;
  private final String role;
  private final ExecutorInfo executor;

  public GroupValidation(
      MasterState state, Framework framework, Agent agent, String role, ExecutorInfo executor) {
    this.state = state;
    this.framework = framework;
    this.agent = agent;
    this.role = role;
    this.executor = executor;
  }

  /** Returns the first rule that a task or the executor breaks. */
  public Optional<String> validate(List<TaskInfo> tasks) {
    Optional<String> wrong = validateExecutor();
    TreeSet<String> ids = new TreeSet<>();
    TreeSet<Boolean> sharing = new TreeSet<>();
    for (TaskInfo task : tasks) {
      if (wrong.isEmpty()) {
        wrong = validate(task);
      }
      if (wrong.isEmpty() && !ids.add(task.getTaskId().getValue())) {
        wrong = Optional.of("Task has duplicate ID: " + task.getTaskId().getValue());
      }
      sharing.add(task.getContainer().getLinuxInfo().getShareCgroups());
    }
    return wrong.isEmpty() && sharing.size() > 1
        ? Optional.of("All tasks of a group must have one 'share_cgroups'")
        : wrong;
  }

  private Optional<String> validate(TaskInfo task) {
    if (!task.hasCommand() && executor.getType() == ExecutorInfo.Type.DEFAULT) {
      return Optional.of("Task " + task.getTaskId().getValue() + " has no 'command'");
    }
    boolean networks = task.getContainer().getNetworkInfosCount() > 0;
    HealthCheck.Type check = task.getHealthCheck().getType();
    if (networks && (check == HealthCheck.Type.HTTP || check == HealthCheck.Type.TCP)) {
      return Optional.of(
          "HTTP and TCP health checks are not supported for nested containers not joining the"
              + " parent's network");
    }
    if (task.getContainer().hasType()
        && task.getContainer().getType() == ContainerInfo.Type.DOCKER) {
      return Optional.of("Docker ContainerInfo is not supported on the task of a group");
    }
    if (task.getLimitsCount() > 0 && task.getContainer().getLinuxInfo().getShareCgroups()) {
      return Optional.of("Task's 'limits' need 'share_cgroups: false' in a task group");
    }
    if (task.getResourcesList().stream().anyMatch(Resource::hasShared)) {
      return Optional.of("Shared resources are not supported in a task group");
    }
    if (!task.getExecutor().equals(executor)) {
      return Optional.of(
          "The 'executor' of task " + task.getTaskId().getValue() + " is not that of its group");
    }
    return TaskValidation.validate(state, framework, task, agent, role).or(() -> unsupported(task));
  }

  private Optional<String> unsupported(TaskInfo task) {
    if (executor.getType() == ExecutorInfo.Type.CUSTOM) {
      return Optional.empty();
    }
    return ContainerValidation.unsupported("Task", task.getContainer());
  }

  private Optional<String> validateExecutor() {
    if (!executor.hasType() || executor.getType() == ExecutorInfo.Type.UNKNOWN) {
      return Optional.of("'ExecutorInfo.type' must be set");
    }
    if (executor.getContainer().hasType()
        && executor.getContainer().getType() == ContainerInfo.Type.DOCKER) {
      return Optional.of("Docker ContainerInfo is not supported on the executor");
    }
    if (executor.getType() == ExecutorInfo.Type.DEFAULT) {
      if (executor.hasCommand()) {
        return Optional.of("'ExecutorInfo.command' must not be set for 'DEFAULT' executor");
      }
      if (executor.getContainer().hasDocker() || executor.getContainer().getMesos().hasImage()) {
        return Optional.of("'ExecutorInfo.container' must have no image for 'DEFAULT' executor");
      }
    } else if (!executor.hasCommand()) {
      return Optional.of("'ExecutorInfo.command' must be set for 'CUSTOM' executor");
    }
    return validateAmounts()
        .or(() -> ExecutorValidation.validate(state, framework, executor, agent, role));
  }

  private Optional<String> validateAmounts() {
    if (io.quorate.protocol.resources.ResourceValidation.validate(executor.getResourcesList())
        .isPresent()) {
      return Optional.empty();
    }
    Resources own = Resources.of(executor.getResourcesList());
    if (own.scalarMillis("cpus") < CPUS_MILLIS_MIN) {
      return Optional.of("Executor's 'resources' need at least 0.01 cpus");
    }
    if (own.scalarMillis("mem") < MEM_MILLIS_MIN) {
      return Optional.of("Executor's 'resources' need at least 32 of mem");
    }
    return own.scalarMillis("disk") <= 0
        ? Optional.of("Executor's 'resources' need some disk")
        : Optional.empty();
  }
}
