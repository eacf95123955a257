package io.quorate.agent.executor;

import com.google.protobuf.ByteString;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.store.record.ExecutorNamed;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.task.AgentTask;
import io.quorate.agent.task.Drained;
import io.quorate.agent.task.ExecutorId;
import io.quorate.agent.task.Host;
import io.quorate.agent.task.Statuses;
import io.quorate.agent.task.TaskId;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** What executors say, and what is said to them (Mesos 4.6). Core thread only. */
public final class ExecutorDesk {
  private final AgentSettings settings;
  private final Host host;
  private final Statuses statuses;
  private final ExecutorTokens tokens;
  private final ExecutorRunner runner;
  private final Map<ExecutorId, AgentExecutor> executors;
  private final Supplier<AgentInfo> agent;

  /**
   * Makes a desk.
   *
   * @param executors those that are known
   * @param agent what they are told of this agent
   */
  public ExecutorDesk(
      AgentSettings settings,
      Host host,
      Statuses statuses,
      ExecutorTokens tokens,
      ExecutorRunner runner,
      Map<ExecutorId, AgentExecutor> executors,
      Supplier<AgentInfo> agent) {
    this.settings = settings;
    this.host = host;
    this.statuses = statuses;
    this.tokens = tokens;
    this.runner = runner;
    this.executors = executors;
    this.agent = agent;
  }

  // -- What they say ----------------------------------------------------------------------------

  /**
   * A well-formed call; empty if it is taken.
   *
   * @param token a genuine one; not looked at where none is asked for
   * @param stream for the events, if it is a SUBSCRIBE
   */
  public Optional<Refusal> call(Call call, String token, ExecutorStream stream) {
    String framework = call.getFrameworkId().getValue();
    AgentExecutor executor =
        executors.get(new ExecutorId(framework, call.getExecutorId().getValue()));
    if (executor == null && !knows(framework)) {
      return Optional.of(new Refusal(400, "Framework cannot be found"));
    }
    if (executor == null || executor.process == null) {
      return Optional.of(new Refusal(400, "Executor cannot be found"));
    }
    if (settings.executors().authenticate()
        && !tokens.isOf(token, executor.id, executor.process.container())) {
      return Optional.of(new Refusal(403, "The token is that of another executor"));
    }
    if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(executor, call.getSubscribe(), stream);
      return Optional.empty();
    }
    if (executor.awaited && call.getType() != Call.Type.HEARTBEAT) {
      return Optional.of(new Refusal(503, "Agent has not finished recovery: subscribe first"));
    }
    if (!executor.subscribed) {
      return Optional.of(new Refusal(403, "Executor is not subscribed"));
    }
    switch (call.getType()) {
      case UPDATE -> {
        return update(executor, call.getUpdate().getStatus());
      }
      case MESSAGE -> host.say(executor.id, call.getMessage().getData());
      default -> {}
    }
    return Optional.empty();
  }

  private boolean knows(String framework) {
    return executors.keySet().stream().anyMatch(each -> each.framework().equals(framework))
        || host.tasks().stream().anyMatch(each -> each.id.framework().equals(framework));
  }

  private void subscribe(AgentExecutor executor, Call.Subscribe call, ExecutorStream stream) {
    if (!executor.takesTasks()) {
      stream.send(Events.SHUTDOWN);
      stream.end();
      return;
    }
    if (executor.stream != null) {
      executor.stream.end();
    }
    boolean again = executor.subscribed;
    executor.stream = stream;
    executor.awaited = false;
    executor.deadlineNanos = 0;
    if (!again) {
      executor.subscribed = true;
      host.record(
          JournalRecord.newBuilder()
              .setExecutorSubscribed(
                  ExecutorNamed.newBuilder()
                      .setFrameworkId(executor.id.framework())
                      .setExecutorId(executor.id.executor()))
              .build(),
          () -> {});
    }
    stream.send(Events.subscribed(executor, agent.get()));
    for (Call.Update each : call.getUnacknowledgedUpdatesList()) {
      var unused = update(executor, each.getStatus());
    }
    if (again) {
      dropUnknown(executor, call.getUnacknowledgedTasksList());
    }
    runner.tasksOf(executor).stream()
        .filter(each -> each.delivered && each.killed && !each.terminal())
        .forEach(each -> stream.send(Events.kill(each)));
    deliver(executor);
  }

  /** A launch that was lost on its way; an executor names all that it was sent (Mesos 4.6). */
  private void dropUnknown(AgentExecutor executor, List<TaskInfo> named) {
    var known = named.stream().map(TaskInfo::getTaskId).collect(Collectors.toSet());
    for (AgentTask task : runner.tasksOf(executor)) {
      boolean silent = task.delivered && task.was(TaskState.TASK_STAGING);
      if (silent && !known.contains(task.info().getTaskId())) {
        host.update(
            task,
            statuses.dropped(
                task,
                TaskStatus.Reason.REASON_AGENT_RESTARTED,
                "Executor subscribed again without the task"));
      }
    }
  }

  /** Acknowledged once it is safe (CP-314); again, if it was taken before (CP-262). */
  private Optional<Refusal> update(AgentExecutor executor, TaskStatus said) {
    AgentTask task =
        host.task(new TaskId(executor.id.framework(), said.getTaskId().getValue()))
            .filter(each -> each.info().hasExecutor() && each.executor().equals(executor.id))
            .orElse(null);
    // Over and acknowledged, or never launched here: nobody waits for it.
    if (task == null || task.terminal() || task.updates.saw(said.getUuid())) {
      acknowledge(executor, said);
      return Optional.empty();
    }
    if (task.updates.size() >= settings.executors().updatesMax()) {
      return Optional.of(
          new Refusal(
              429,
              "More than "
                  + settings.executors().updatesMax()
                  + " updates of task '"
                  + task.id.task()
                  + "' wait for the scheduler. The call was not done"));
    }
    task.delivered = true;
    host.update(
        task,
        Drained.status(task, statuses.filled(task, said, executor.process.container())),
        () -> acknowledge(executor, said));
    return Optional.empty();
  }

  private static void acknowledge(AgentExecutor executor, TaskStatus said) {
    if (executor.stream != null) {
      executor.stream.send(Events.acknowledged(said.getTaskId(), said.getUuid()));
    }
  }

  /** A stream broke; its executor comes again, or ends. */
  public void broken(ExecutorStream stream) {
    for (AgentExecutor executor : executors.values()) {
      if (executor.stream == stream) {
        executor.stream = null;
      }
    }
  }

  // -- What they are told -----------------------------------------------------------------------

  /** Gives it what waits for it: at once if it listens, else when it does (CP-240, CP-310). */
  public void deliver(AgentExecutor executor) {
    if (executor.stream == null) {
      return;
    }
    Map<Long, List<AgentTask>> launches = new LinkedHashMap<>();
    for (AgentTask task : runner.tasksOf(executor)) {
      if (!task.delivered && !task.terminal()) {
        launches.computeIfAbsent(task.launch.getNumber(), key -> new ArrayList<>()).add(task);
      }
    }
    for (List<AgentTask> each : launches.values()) {
      if (each.stream().anyMatch(task -> task.killed)) {
        runner.kill(each.get(0));
        continue;
      }
      if (!runner.mount(executor, each)) {
        continue;
      }
      executor.busy = true;
      each.forEach(task -> task.delivered = true);
      executor.stream.send(
          each.get(0).grouped ? Events.launchGroup(each) : Events.launch(each.get(0).info()));
    }
  }

  /** A message of its scheduler; lost if it does not listen (CP-162, CP-163). */
  public void message(ExecutorId id, ByteString data) {
    AgentExecutor executor = executors.get(id);
    if (executor != null && executor.stream != null) {
      executor.stream.send(Events.message(data));
    }
  }
}
