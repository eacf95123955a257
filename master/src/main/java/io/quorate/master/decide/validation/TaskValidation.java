package io.quorate.master.decide.validation;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.Identifiers;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.resources.ResourceValidation;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** The rules for one task, alone or of a group, in the order of Mesos (3.6.1, 1 to 11). */
public final class TaskValidation {
  private TaskValidation() {}

  /** What is wrong with the task, naming field and rule; empty if nothing is. */
  public static Optional<String> validate(
      MasterState state, Framework framework, TaskInfo task, Agent agent, String role) {
    return validateId(state, framework, task)
        .or(() -> validateAgent(task, agent))
        .or(() -> validateDurations(task))
        .or(() -> CheckValidation.validate(task))
        .or(() -> validateResources("Task", task.getResourcesList(), role))
        .or(() -> ContainerValidation.validateEnvironment(task.getCommand()))
        .or(() -> ContainerValidation.validate(task.getContainer()))
        .or(() -> validateLimits(task, agent));
  }

  /** The resources in canonical form, allocated to the role where they do not say so themselves. */
  public static List<Resource> allocated(List<Resource> resources, String role) {
    List<Resource> allocated = new ArrayList<>();
    for (Resource resource : resources) {
      allocated.add(
          resource.hasAllocationInfo()
              ? resource
              : resource.toBuilder()
                  .setAllocationInfo(Resource.AllocationInfo.newBuilder().setRole(role))
                  .build());
    }
    return Resources.of(allocated).toProtos();
  }

  private static Optional<String> validateId(
      MasterState state, Framework framework, TaskInfo task) {
    String id = task.getTaskId().getValue();
    Optional<String> malformed = Identifiers.validate(id);
    if (malformed.isPresent()) {
      return malformed;
    }
    Optional<Task> known = state.tasks().find(new TaskKey(framework.id(), id));
    return known.map(
        active ->
            active.unreachable()
                ? "Task reuses the ID of an unreachable task: " + id
                : "Task has duplicate ID: " + id);
  }

  private static Optional<String> validateAgent(TaskInfo task, Agent agent) {
    return task.getAgentId().getValue().equals(agent.id().value())
        ? Optional.empty()
        : Optional.of(
            "Task uses invalid agent "
                + task.getAgentId().getValue()
                + " while agent "
                + agent.id()
                + " is expected");
  }

  private static Optional<String> validateDurations(TaskInfo task) {
    if (task.getKillPolicy().getGracePeriod().getNanoseconds() < 0) {
      return Optional.of("Task's 'kill_policy.grace_period' must be non-negative");
    }
    return task.getMaxCompletionTime().getNanoseconds() < 0
        ? Optional.of("Task's 'max_completion_time' must be non-negative")
        : Optional.empty();
  }

  /** Validates the resources of a task or an executor. */
  public static Optional<String> validateResources(
      String whose, List<Resource> resources, String role) {
    if (resources.isEmpty() && whose.equals("Task")) {
      return Optional.of("Task uses no resources");
    }
    Optional<String> invalid = ResourceValidation.validate(resources);
    if (invalid.isPresent()) {
      return Optional.of(whose + " uses invalid resources: " + invalid.get());
    }
    for (Resource resource : resources) {
      String to = resource.getAllocationInfo().getRole();
      if (resource.hasAllocationInfo() && !to.equals(role)) {
        return Optional.of(
            whose
                + "'s resources are allocated to role '"
                + to
                + "', the offer to role '"
                + role
                + "'");
      }
    }
    return validateTogether(whose, resources);
  }

  /**
   * What holds for resources that are used together: those of a task, of a task and its executor,
   * or of a group and its executor (Mesos 3.6.1, 14; CP-228). They must be valid and not be united
   * yet: a range or item that two of them name exists once, so that one of the two would lack it,
   * and freeing one would take what the other still holds.
   */
  public static Optional<String> validateTogether(String whose, List<Resource> resources) {
    Optional<String> overlap = Resources.overlap(resources);
    if (overlap.isPresent()) {
      return Optional.of(whose + " uses some of '" + overlap.get() + "' more than once");
    }
    TreeMap<String, Boolean> revocable = new TreeMap<>();
    TreeSet<String> volumes = new TreeSet<>();
    for (Resource resource : Resources.of(resources).toProtos()) {
      Boolean before = revocable.putIfAbsent(resource.getName(), resource.hasRevocable());
      if (before != null && before != resource.hasRevocable()) {
        return Optional.of(
            whose + " mixes revocable and non-revocable resources '" + resource.getName() + "'");
      }
      String volume = resource.getDisk().getPersistence().getId();
      if (resource.getDisk().hasPersistence() && !volumes.add(volume)) {
        return Optional.of(whose + " uses persistence ID '" + volume + "' twice");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> validateLimits(TaskInfo task, Agent agent) {
    if (task.getLimitsCount() == 0) {
      return Optional.empty();
    }
    Resources requests = Resources.of(task.getResourcesList());
    for (var limit : new TreeMap<>(task.getLimitsMap()).entrySet()) {
      String name = limit.getKey();
      if (!name.equals("cpus") && !name.equals("mem")) {
        return Optional.of("Task's 'limits' may hold 'cpus' and 'mem' only, not '" + name + "'");
      }
      long request = requests.scalarMillis(name);
      if (request == 0) {
        return Optional.of("Task's 'limits' has '" + name + "', its resources do not");
      }
      if (FixedPoint.millis(limit.getValue()) < request) {
        return Optional.of("Task's limit of '" + name + "' is less than its request");
      }
    }
    boolean capable =
        agent.has(io.quorate.protocol.v1.AgentInfo.Capability.Type.TASK_RESOURCE_LIMITS);
    return capable
        ? Optional.empty()
        : Optional.of("Task's 'limits' are not supported by agent " + agent.id());
  }
}
