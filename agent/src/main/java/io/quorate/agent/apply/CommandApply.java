package io.quorate.agent.apply;

import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.TaskId;
import io.quorate.agent.store.record.ExecutorKept;
import io.quorate.agent.store.record.TaskKept;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.DurationInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** What each command of the master means for the agent's state. */
final class CommandApply {
  private CommandApply() {}

  /**
   * Applies one command. Of a command of a later release only the number counts.
   *
   * @param timeMillis when it was taken; 0 where release 0.1 did not write it down
   */
  static AgentState apply(AgentState before, Command command, long timeMillis) {
    AgentState state =
        before.withHead(
            head -> head.setLastCommand(Math.max(head.getLastCommand(), command.getNumber())));
    return switch (command.getWhatCase()) {
      case LAUNCH -> {
        Command.Launch launch = command.getLaunch();
        yield launch.getTaskInfo().hasExecutor()
            ? launch(
                begin(
                    state,
                    launch.getFrameworkInfo(),
                    launch.getTaskInfo().getExecutor(),
                    launch.getNewExecutor(),
                    command.getNumber()),
                command,
                launch.getNewExecutor(),
                false)
            : launch(state, command, false, false);
      }
      case LAUNCH_GROUP -> launchGroup(state, command.getLaunchGroup(), command.getNumber());
      case KILL -> kill(state, command.getKill(), timeMillis);
      case ACKNOWLEDGE -> acknowledge(state, command.getAcknowledge());
      case SHUTDOWN_FRAMEWORK ->
          shutdownFramework(
              state, command.getShutdownFramework().getFrameworkId().getValue(), timeMillis);
      case SHUTDOWN_EXECUTOR ->
          shutdownExecutor(
              state,
              ExecutorId.of(
                  command.getShutdownExecutor().getFrameworkId(),
                  command.getShutdownExecutor().getExecutorId()),
              timeMillis);
      case APPLY_OPERATION -> state.withUnfinished(command.getApplyOperation());
      case ACKNOWLEDGE_OPERATION ->
          state.withoutOperation(command.getAcknowledgeOperation().getOperationUuid());
      case DRAIN -> drain(state, command.getDrain().getConfig(), timeMillis);
      case REACTIVATE -> state.withHead(head -> head.clearDraining());
      case UPDATE_FRAMEWORK -> update(state, command.getUpdateFramework().getFrameworkInfo());
      case MESSAGE, WHAT_NOT_SET -> state;
    };
  }

  // -- Launching --------------------------------------------------------------------------------

  /** A new executor if the master says so, unless one runs under the id. */
  private static AgentState begin(
      AgentState state, FrameworkInfo framework, ExecutorInfo info, boolean asked, long number) {
    if (!framework.isInitialized() || !info.isInitialized()) {
      return state;
    }
    AgentExecutor executor =
        new AgentExecutor(
            ExecutorKept.newBuilder()
                .setFrameworkInfo(framework)
                .setExecutorInfo(info)
                .setNumber(number)
                .build());
    boolean free = state.executor(executor.id()).map(AgentExecutor::over).orElse(true);
    return asked && free ? state.without(executor.id()).with(executor) : state;
  }

  /**
   * Adds a task. It belongs to the executor that this command began, or to the one that runs; to
   * none if the master did not know yet what became of that.
   */
  private static AgentState launch(
      AgentState state, Command launch, boolean newExecutor, boolean grouped) {
    TaskKept.Builder kept =
        TaskKept.newBuilder().setLaunch(launch).setLatest(TaskState.TASK_STAGING);
    if (grouped) {
      kept.setGrouped(true);
    }
    AgentTask task = new AgentTask(kept.build());
    Optional<AgentExecutor> executor =
        task.info().hasExecutor() ? state.executor(task.executor()) : Optional.empty();
    if (executor.isPresent()) {
      long number = executor.get().number();
      boolean runs = newExecutor ? number == launch.getNumber() : executor.get().takesTasks();
      task = runs ? task.with(builder -> builder.setExecutorNumber(number)) : task;
    }
    return state.without(task.id()).with(task);
  }

  private static AgentState launchGroup(AgentState state, Command.LaunchGroup group, long number) {
    if (!group.getFrameworkInfo().isInitialized()) {
      return state;
    }
    AgentState next =
        begin(
            state,
            group.getFrameworkInfo(),
            group.getExecutorInfo(),
            group.getNewExecutor(),
            number);
    for (TaskInfo info : group.getTaskGroup().getTasksList()) {
      Command.Builder launch = Command.newBuilder().setNumber(number);
      launch.getLaunchBuilder().setFrameworkInfo(group.getFrameworkInfo()).setTaskInfo(info);
      next = launch(next, launch.build(), group.getNewExecutor(), true);
    }
    return next;
  }

  // -- Acknowledging ----------------------------------------------------------------------------

  private static AgentState acknowledge(AgentState state, Command.Acknowledge acknowledge) {
    TaskId id = TaskId.of(acknowledge.getFrameworkId(), acknowledge.getTaskId());
    Optional<AgentTask> task = state.task(id);
    boolean head =
        task.flatMap(AgentTask::head)
            .map(status -> status.getUuid().equals(acknowledge.getUuid()))
            .orElse(false);
    if (!head) {
      return state;
    }
    AgentTask after = task.get().with(kept -> kept.removeUpdates(0));
    return AgentApply.over(after) ? state.without(id) : AgentApply.tellNow(state.with(after), id);
  }

  // -- Ending -----------------------------------------------------------------------------------

  private static long deadline(long timeMillis, long graceMillis) {
    return timeMillis == 0 ? 0 : timeMillis + graceMillis;
  }

  private static AgentState kill(AgentState state, Command.Kill kill, long timeMillis) {
    TaskId id = TaskId.of(kill.getFrameworkId(), kill.getTaskId());
    AgentState next =
        kill.hasKillPolicy()
            ? state.change(id, task -> task.with(kept -> kept.setKillPolicy(kill.getKillPolicy())))
            : state;
    long grace = next.task(id).map(AgentTask::graceMillis).orElse(0L);
    return AgentApply.kill(next, id, deadline(timeMillis, grace));
  }

  /** Nobody waits for the updates of its tasks: one that is over is known no more. */
  private static AgentState shutdownFramework(AgentState state, String framework, long timeMillis) {
    AgentState next = state;
    for (AgentTask task : state.tasks().values()) {
      if (!task.id().framework().equals(framework)) {
        continue;
      }
      if (task.terminal()) {
        next = next.without(task.id());
      } else {
        next = next.with(task.with(kept -> kept.setDisowned(true)));
        next = AgentApply.kill(next, task.id(), deadline(timeMillis, AgentTask.GRACE_MILLIS));
      }
    }
    for (ExecutorId id : state.executors().keySet()) {
      if (id.framework().equals(framework)) {
        next = shutdownExecutor(next, id, timeMillis);
      }
    }
    return next;
  }

  /** The tasks of the default executor, which is no process, end as by KILL. */
  private static AgentState shutdownExecutor(AgentState state, ExecutorId id, long timeMillis) {
    AgentState next =
        state.change(id, executor -> executor.with(kept -> kept.setShuttingDown(true)));
    boolean isDefault = next.executor(id).map(AgentExecutor::isDefault).orElse(false);
    if (isDefault) {
      for (AgentTask task : state.tasksOf(id)) {
        next = AgentApply.kill(next, task.id(), deadline(timeMillis, task.graceMillis()));
      }
    }
    return next;
  }

  /** Every task here is to end within what the drain allows (Mesos 4.3, CP-287). */
  private static AgentState drain(AgentState state, DrainConfig config, long timeMillis) {
    AgentState next = state.withHead(head -> head.setDraining(config));
    for (AgentTask task : state.tasks().values()) {
      long grace = task.graceMillis();
      long within =
          config.hasMaxGracePeriod()
              ? Math.min(
                  grace, TimeUnit.NANOSECONDS.toMillis(config.getMaxGracePeriod().getNanoseconds()))
              : grace;
      next =
          next.with(
              task.with(
                  kept -> {
                    kept.setDrained(true).setDrainedForGood(config.getMarkGone());
                    if (task.custom()) {
                      kept.setKillPolicy(policy(within));
                    }
                  }));
      next = AgentApply.kill(next, task.id(), deadline(timeMillis, within));
    }
    return next;
  }

  private static KillPolicy policy(long graceMillis) {
    return KillPolicy.newBuilder()
        .setGracePeriod(
            DurationInfo.newBuilder().setNanoseconds(TimeUnit.MILLISECONDS.toNanos(graceMillis)))
        .build();
  }

  // -- Describing -------------------------------------------------------------------------------

  private static AgentState update(AgentState state, FrameworkInfo info) {
    if (!info.isInitialized()) {
      return state;
    }
    AgentState next = state;
    String framework = info.getId().getValue();
    for (AgentTask task : state.tasks().values()) {
      if (task.id().framework().equals(framework)) {
        next =
            next.with(
                task.with(
                    kept -> kept.getLaunchBuilder().getLaunchBuilder().setFrameworkInfo(info)));
      }
    }
    for (AgentExecutor executor : state.executors().values()) {
      if (executor.id().framework().equals(framework)) {
        next = next.with(executor.with(kept -> kept.setFrameworkInfo(info)));
      }
    }
    return next;
  }
}
