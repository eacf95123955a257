package io.quorate.master.decide.validation;

import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Executor;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.ExecutorKey;
import io.quorate.protocol.Identifiers;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Resource;
import java.util.Optional;

/** The rules for an executor that a framework describes (Mesos 3.6.1, 13). */
public final class ExecutorValidation {
  private ExecutorValidation() {}

  /** As it is compared and kept: with its framework, its resources allocated (CP-233). */
  public static ExecutorInfo completed(ExecutorInfo executor, Framework framework, String role) {
    ExecutorInfo.Builder info = executor.toBuilder().clearResources();
    if (!executor.hasFrameworkId()) {
      info.setFrameworkId(framework.info().getId());
    }
    return info.addAllResources(TaskValidation.allocated(executor.getResourcesList(), role))
        .build();
  }

  /** What is wrong with a completed executor; empty if nothing is. */
  public static Optional<String> validate(
      MasterState state, Framework framework, ExecutorInfo executor, Agent agent, String role) {
    String id = executor.getExecutorId().getValue();
    Optional<String> malformed = Identifiers.validate(id);
    if (malformed.isPresent()) {
      return Optional.of("Executor ID " + malformed.get());
    }
    String owner = executor.getFrameworkId().getValue();
    if (!owner.equals(framework.id().value())) {
      return Optional.of(
          "ExecutorInfo has an invalid FrameworkID (Actual: "
              + owner
              + " vs Expected: "
              + framework.id()
              + ")");
    }
    if (executor.getShutdownGracePeriod().getNanoseconds() < 0) {
      return Optional.of("ExecutorInfo's 'shutdown_grace_period' must be non-negative");
    }
    if (executor.getContainer().getLinuxInfo().hasShareCgroups()
        && executor.getContainer().getLinuxInfo().getShareCgroups()) {
      return Optional.of("ExecutorInfo's 'container.linux_info.share_cgroups' must not be true");
    }
    if (executor.getResourcesList().stream().anyMatch(Resource::hasShared)) {
      return Optional.of("Executor uses shared resources");
    }
    return TaskValidation.validateResources("Executor", executor.getResourcesList(), role)
        .or(() -> ContainerValidation.validateEnvironment(executor.getCommand()))
        .or(() -> ContainerValidation.validate(executor.getContainer()))
        .or(() -> ContainerValidation.unsupported("Executor", executor.getContainer()))
        .or(() -> other(state, framework, executor, agent));
  }

  /** Equal to the one that runs there under its id, in every field (CP-226). */
  private static Optional<String> other(
      MasterState state, Framework framework, ExecutorInfo executor, Agent agent) {
    String id = executor.getExecutorId().getValue();
    Optional<Executor> running =
        state.executors().find(new ExecutorKey(framework.id(), agent.id(), id));
    return running.isPresent() && !running.get().info().equals(executor)
        ? Optional.of(
            "ExecutorInfo is not compatible with the existing ExecutorInfo with the same"
                + " ExecutorID '"
                + id
                + "'")
        : Optional.empty();
  }
}
