package io.quorate.master.decide.accept;

import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.MasterStatus;
import io.quorate.master.decide.validation.ContainerValidation;
import io.quorate.master.decide.validation.ExecutorValidation;
import io.quorate.master.decide.validation.GroupValidation;
import io.quorate.master.decide.validation.Permissions;
import io.quorate.master.decide.validation.TaskValidation;
import io.quorate.master.event.Event;
import io.quorate.master.event.TaskGroupLaunched;
import io.quorate.master.event.TaskLaunched;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskGroupInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Decides LAUNCH and LAUNCH_GROUP (Mesos 3.6.1, 3.6.2). */
public final class LaunchDecision {
  private final Draft draft;
  private final Framework framework;
  private final Offer offer;
  private final Basket basket;
  private final Permissions permissions;

  public LaunchDecision(
      Draft draft, Framework framework, Offer offer, Basket basket, Permissions permissions) {
    this.draft = draft;
    this.framework = framework;
    this.offer = offer;
    this.basket = basket;
    this.permissions = permissions;
  }

  private Agent agent() {
    return draft.state().agents().get(offer.agent());
  }

  // -- One by one -------------------------------------------------------------------------------

  /** One invalid task does not stop the others (CP-225). */
  public void launch(Operation operation) {
    for (TaskInfo task : operation.getLaunch().getTaskInfosList()) {
      Optional<String> forbidden = permissions.validateUser(task, framework.info());
      if (forbidden.isPresent()) {
        refuse(task, TaskStatus.Reason.REASON_TASK_UNAUTHORIZED, forbidden.get());
        continue;
      }
      TaskInfo completed = completed(task);
      Optional<String> wrong =
          operation.hasId()
              ? Optional.of("Operation of type LAUNCH must not have an id (CP-217)")
              : validate(completed);
      if (wrong.isPresent()) {
        refuse(task, TaskStatus.Reason.REASON_TASK_INVALID, wrong.get());
      } else {
        basket.take(needed(completed));
        draft.emit(
            Event.newBuilder()
                .setTaskLaunched(
                    TaskLaunched.newBuilder()
                        .setFrameworkId(framework.id().value())
                        .setTaskInfo(completed)));
      }
    }
  }

  /** With what may be left out. Invalid resources stay as they are, and are refused later. */
  private TaskInfo completed(TaskInfo task) {
    TaskInfo.Builder info = task.toBuilder();
    HealthCheck check = task.getHealthCheck();
    if (task.hasHealthCheck() && !check.hasType() && check.hasCommand() != check.hasHttp()) {
      info.getHealthCheckBuilder()
          .setType(check.hasCommand() ? HealthCheck.Type.COMMAND : HealthCheck.Type.HTTP);
    }
    if (countable(task.getResourcesList())) {
      info.clearResources()
          .addAllResources(TaskValidation.allocated(task.getResourcesList(), offer.role()));
    }
    if (task.hasExecutor() && countable(task.getExecutor().getResourcesList())) {
      info.setExecutor(ExecutorValidation.completed(task.getExecutor(), framework, offer.role()));
    }
    return info.build();
  }

  /** Whether they can be united without hiding what is wrong with them. */
  private static boolean countable(List<Resource> resources) {
    return io.quorate.protocol.resources.ResourceValidation.validate(resources).isEmpty()
        && Resources.overlap(resources).isEmpty();
  }

  private Optional<String> validate(TaskInfo task) {
    return TaskValidation.validate(draft.state(), framework, task, agent(), offer.role())
        .or(() -> validateShape(task))
        .or(() -> validateExecutor(task))
        .or(() -> tooMuch("Task", needed(task)));
  }

  private static Optional<String> validateShape(TaskInfo task) {
    if (task.hasExecutor() == task.hasCommand()) {
      return Optional.of(
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present");
    }
    if (task.getContainer().getLinuxInfo().hasShareCgroups()
        && !task.getContainer().getLinuxInfo().getShareCgroups()) {
      return Optional.of(
          "Task's 'container.linux_info.share_cgroups' may be false in a task group only");
    }
    // An executor of the framework's own does with these what it likes.
    return task.hasCommand() ? unsupported(task) : Optional.empty();
  }

  private static Optional<String> unsupported(TaskInfo task) {
    boolean secret =
        task.getCommand().getEnvironment().getVariablesList().stream()
            .anyMatch(variable -> variable.hasSecret());
    return secret
        ? Optional.of("Task's 'command.environment': secrets are not part of this release")
        : ContainerValidation.unsupported("Task", task.getContainer());
  }

  private Optional<String> validateExecutor(TaskInfo task) {
    if (!task.hasExecutor()) {
      return Optional.empty();
    }
    ExecutorInfo executor = task.getExecutor();
    if (executor.hasType() && executor.getType() != ExecutorInfo.Type.CUSTOM) {
      return Optional.of("'ExecutorInfo.type' must be 'CUSTOM' for a task of a LAUNCH");
    }
    if (!executor.hasCommand()) {
      return Optional.of("'ExecutorInfo.command' must be set for 'CUSTOM' executor");
    }
    List<Resource> together = new ArrayList<>(task.getResourcesList());
    together.addAll(executor.getResourcesList());
    return ExecutorValidation.validate(draft.state(), framework, executor, agent(), offer.role())
        .or(() -> TaskValidation.validateTogether("Task and its executor", together));
  }

  /** The executor is charged with its first task on the agent (CP-227). */
  private Resources needed(TaskInfo task) {
    Resources own = Resources.of(task.getResourcesList()).unallocated();
    return task.hasExecutor() ? own.plus(needed(task.getExecutor())) : own;
  }

  private Resources needed(ExecutorInfo executor) {
    ExecutorKey key =
        new ExecutorKey(framework.id(), offer.agent(), executor.getExecutorId().getValue());
    return draft.state().executors().has(key)
        ? Resources.EMPTY
        : Resources.of(executor.getResourcesList()).unallocated();
  }

  private Optional<String> tooMuch(String whose, Resources needed) {
    return basket.available().contains(needed)
        ? Optional.empty()
        : Optional.of(
            whose
                + " uses more resources "
                + needed
                + " than available "
                + basket.available()
                + " in the offers of agent "
                + offer.agent());
  }

  // -- All or none ------------------------------------------------------------------------------

  /** One invalid task, and none is launched (CP-235). */
  public void launchGroup(Operation operation) {
    List<TaskInfo> asked = operation.getLaunchGroup().getTaskGroup().getTasksList();
    ExecutorInfo executor = allocated(operation.getLaunchGroup().getExecutor());
    List<TaskInfo> tasks = new ArrayList<>();
    Optional<String> forbidden = Optional.empty();
    for (TaskInfo task : asked) {
      TaskInfo completed = completed(task);
      tasks.add(
          completed.hasExecutor()
              ? completed
              : completed.toBuilder().setExecutor(executor).build());
      TaskInfo last = tasks.get(tasks.size() - 1);
      forbidden = forbidden.or(() -> permissions.validateUser(last, framework.info()));
    }
    if (forbidden.isPresent()) {
      refuse(asked, TaskStatus.Reason.REASON_TASK_GROUP_UNAUTHORIZED, forbidden.get());
      return;
    }
    GroupValidation rules =
        new GroupValidation(draft.state(), framework, agent(), offer.role(), executor);
    Optional<String> wrong =
        operation.hasId()
            ? Optional.of("Operation of type LAUNCH_GROUP must not have an id (CP-217)")
            : rules.validate(tasks);
    Resources needed = Resources.EMPTY;
    if (wrong.isEmpty()) {
      List<Resource> together = new ArrayList<>(executor.getResourcesList());
      tasks.forEach(task -> together.addAll(task.getResourcesList()));
      wrong = TaskValidation.validateTogether("Task group", together);
    }
    if (wrong.isEmpty()) {
      needed = needed(executor);
      for (TaskInfo task : tasks) {
        needed = needed.plus(Resources.of(task.getResourcesList()).unallocated());
      }
      wrong = tooMuch("Task group", needed);
    }
    if (wrong.isPresent()) {
      refuse(asked, TaskStatus.Reason.REASON_TASK_GROUP_INVALID, wrong.get());
      return;
    }
    if (tasks.isEmpty()) {
      return;
    }
    basket.take(needed);
    draft.emit(
        Event.newBuilder()
            .setTaskGroupLaunched(
                TaskGroupLaunched.newBuilder()
                    .setFrameworkId(framework.id().value())
                    .setExecutorInfo(executor)
                    .setTaskGroup(TaskGroupInfo.newBuilder().addAllTasks(tasks))));
  }

  /** The framework id is not filled in for groups (Mesos 3.6.2). */
  private ExecutorInfo allocated(ExecutorInfo executor) {
    return countable(executor.getResourcesList())
        ? executor.toBuilder()
            .clearResources()
            .addAllResources(TaskValidation.allocated(executor.getResourcesList(), offer.role()))
            .build()
        : executor;
  }

  private void refuse(List<TaskInfo> tasks, TaskStatus.Reason reason, String why) {
    for (TaskInfo task : tasks) {
      refuse(task, reason, why);
    }
  }

  private void refuse(TaskInfo task, TaskStatus.Reason reason, String why) {
    refuse(draft, framework, task, TaskState.TASK_ERROR, reason, why);
  }

  /** Tells the framework that a task never starts. */
  public static void refuse(
      Draft draft,
      Framework framework,
      TaskInfo task,
      TaskState state,
      TaskStatus.Reason reason,
      String why) {
    TaskStatus.Builder status =
        MasterStatus.of(draft.state(), task.getTaskId().getValue(), state, reason, why);
    if (task.hasAgentId()) {
      status.setAgentId(task.getAgentId());
    }
    draft.emit(EventFactory.refused(framework.id(), status.build()));
  }
}
