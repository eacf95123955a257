package io.quorate.master.decide;

import io.quorate.master.state.Framework;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Offer;
import io.quorate.master.state.Task;
import io.quorate.master.state.TaskKey;
import io.quorate.protocol.Identifiers;
import io.quorate.protocol.resources.ResourceValidation;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The rules for one task of a LAUNCH, in the order of Mesos (3.6.1). */
final class TaskValidation {
  private TaskValidation() {}

  /** What is wrong with the task, naming field and rule; empty if it can be launched. */
  static Optional<String> wrong(
      MasterState state, Framework framework, TaskInfo task, Offer offer, Resources available) {
    return wrongId(state, framework, task)
        .or(() -> wrongAgent(task, offer))
        .or(() -> wrongDurations(task))
        .or(() -> wrongResources(task, offer))
        .or(() -> wrongEnvironment(task.getCommand()))
        .or(() -> wrongShape(task))
        .or(() -> tooMuch(task, offer, available));
  }

  /** The task's resources, allocated to the offer's role where it does not say so itself. */
  static Resources allocated(TaskInfo task, String role) {
    List<Resource> resources = new ArrayList<>();
    for (Resource each : task.getResourcesList()) {
      resources.add(
          each.hasAllocationInfo()
              ? each
              : each.toBuilder()
                  .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role))
                  .build());
    }
    return Resources.of(resources);
  }

  private static Optional<String> wrongId(MasterState state, Framework framework, TaskInfo task) {
    String id = task.getTaskId().getValue();
    Optional<String> malformed = Identifiers.validate(id);
    if (malformed.isPresent()) {
      return Optional.of("Task ID " + malformed.get());
    }
    Optional<Task> known = state.tasks().find(new TaskKey(framework.id(), id));
    return known.map(
        active ->
            active.unreachable()
                ? "Task reuses the ID of an unreachable task: " + id
                : "Task has duplicate ID: " + id);
  }

  private static Optional<String> wrongAgent(TaskInfo task, Offer offer) {
    return task.getAgentId().getValue().equals(offer.agent().value())
        ? Optional.empty()
        : Optional.of(
            "Task uses invalid agent "
                + task.getAgentId().getValue()
                + " while agent "
                + offer.agent()
                + " is expected");
  }

  private static Optional<String> wrongDurations(TaskInfo task) {
    if (task.getKillPolicy().getGracePeriod().getNanoseconds() < 0) {
      return Optional.of("Task's 'kill_policy.grace_period' must be non-negative");
    }
    return task.getMaxCompletionTime().getNanoseconds() < 0
        ? Optional.of("Task's 'max_completion_time' must be non-negative")
        : Optional.empty();
  }

  private static Optional<String> wrongResources(TaskInfo task, Offer offer) {
    if (task.getResourcesCount() == 0) {
      return Optional.of("Task uses no resources");
    }
    Optional<String> invalid = ResourceValidation.validate(task.getResourcesList());
    if (invalid.isPresent()) {
      return Optional.of("Task uses invalid resources: " + invalid.get());
    }
    for (Resource each : task.getResourcesList()) {
      String role = each.getAllocationInfo().getRole();
      if (each.hasAllocationInfo() && !role.equals(offer.role())) {
        return Optional.of(
            "Task's resources are allocated to role '"
                + role
                + "', the offer to role '"
                + offer.role()
                + "'");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> wrongEnvironment(CommandInfo command) {
    for (Environment.Variable each : command.getEnvironment().getVariablesList()) {
      String where = "Environment variable '" + each.getName() + "' of type '" + each.getType();
      switch (each.getType()) {
        case VALUE -> {
          if (!each.hasValue()) {
            return Optional.of(where + "' must have a value set");
          }
          if (each.hasSecret()) {
            return Optional.of(where + "' must not have a secret set");
          }
        }
        case SECRET -> {
          return Optional.of(where + "' is not part of this release");
        }
        case UNKNOWN -> {
          return Optional.of(where + "' is not allowed");
        }
      }
    }
    return Optional.empty();
  }

  /** What this release cannot run is refused here, never ignored. */
  private static Optional<String> wrongShape(TaskInfo task) {
    if (task.hasExecutor() == task.hasCommand()) {
      return Optional.of(
          "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present");
    }
    if (task.hasExecutor()) {
      return Optional.of("Task's 'executor': executors are not part of this release");
    }
    if (task.hasContainer()) {
      return Optional.of("Task's 'container': containers are not part of this release");
    }
    if (task.hasCheck() || task.hasHealthCheck()) {
      return Optional.of("Task's 'check' and 'health_check' are not part of this release");
    }
    if (task.getLimitsCount() > 0) {
      return Optional.of("Task's 'limits' are not part of this release");
    }
    return Optional.empty();
  }

  private static Optional<String> tooMuch(TaskInfo task, Offer offer, Resources available) {
    Resources needed = allocated(task, offer.role()).unallocated();
    return available.contains(needed)
        ? Optional.empty()
        : Optional.of(
            "Task uses more resources "
                + needed
                + " than available "
                + available
                + " in the offers of agent "
                + offer.agent());
  }
}
