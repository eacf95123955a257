package io.quorate.agent.decide;

import com.google.protobuf.ByteString;
import io.quorate.agent.executor.ExecutorEventFactory;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.ExecutorEndCause;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.ExecutorRun;
import io.quorate.agent.state.TaskId;
import io.quorate.agent.state.TaskRun;
import io.quorate.agent.store.record.ExecutorNamed;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Decides about what executors say, and what is said to them (Mesos 4.6). */
final class ExecutorApiDecisions {
  private final AgentSettings settings;
  private final TaskStatuses statuses;
  private final AgentExecutorDecisions executors;

  ExecutorApiDecisions(
      AgentSettings settings, TaskStatuses statuses, AgentExecutorDecisions executors) {
    this.settings = settings;
    this.statuses = statuses;
    this.executors = executors;
  }

  // -- What they say ----------------------------------------------------------------------------

  void called(AgentDraft draft, AgentInput.ExecutorCalled input) {
    Call call = input.call();
    ExecutorId id = ExecutorId.of(call.getFrameworkId(), call.getExecutorId());
    AgentExecutor executor = draft.state().executors().get(id);
    if (executor == null && !knows(draft, id.framework())) {
      draft.refuse(400, "Framework cannot be found");
    } else if (executor == null || executor.isDefault()) {
      draft.refuse(400, "Executor cannot be found");
    } else if (input.proof() == AgentInput.CallerProof.NONE) {
      draft.refuse(
          401,
          "Expecting the token that the executor was started with"
              + " (MESOS_EXECUTOR_AUTHENTICATION_TOKEN), or a caller in its container");
    } else if (input.proof() == AgentInput.CallerProof.OTHER) {
      draft.refuse(403, "The caller is in the container of another executor");
    } else if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(draft, executor, call.getSubscribe(), input.stream());
    } else if (draft.state().run(id).awaited() && call.getType() != Call.Type.HEARTBEAT) {
      draft.refuse(503, "Agent has not finished recovery: subscribe first");
    } else if (!executor.kept().getSubscribed()) {
      draft.refuse(403, "Executor is not subscribed");
    } else if (call.getType() == Call.Type.UPDATE) {
      update(draft, executor, call.getUpdate().getStatus());
    } else if (call.getType() == Call.Type.MESSAGE) {
      draft.act(new AgentAction.TellMaster(message(draft, id, call.getMessage().getData())));
    }
  }

  private static boolean knows(AgentDraft draft, String framework) {
    return draft.state().executors().keySet().stream()
            .anyMatch(executor -> executor.framework().equals(framework))
        || draft.state().tasks().keySet().stream()
            .anyMatch(task -> task.framework().equals(framework));
  }

  private static AgentCall message(AgentDraft draft, ExecutorId id, ByteString data) {
    return AgentCalls.of(draft.state(), AgentCall.Type.EXECUTOR_MESSAGE)
        .setExecutorMessage(
            AgentCall.ExecutorMessage.newBuilder()
                .setFrameworkId(id.frameworkId())
                .setExecutorId(id.executorId())
                .setData(data))
        .build();
  }

  private void subscribe(
      AgentDraft draft, AgentExecutor executor, Call.Subscribe call, long stream) {
    if (!executor.takesTasks()) {
      draft.act(new AgentAction.TellExecutor(stream, ExecutorEventFactory.SHUTDOWN));
      draft.act(new AgentAction.EndStream(stream));
      return;
    }
    ExecutorId id = executor.id();
    long before = draft.state().run(id).stream();
    if (before != 0) {
      draft.act(new AgentAction.EndStream(before));
    }
    draft.run(id, run -> run.stream(stream).awaited(false).deadline(0));
    boolean again = executor.kept().getSubscribed();
    if (!again) {
      draft.emit(
          JournalRecord.newBuilder()
              .setExecutorSubscribed(
                  ExecutorNamed.newBuilder()
                      .setFrameworkId(id.framework())
                      .setExecutorId(id.executor())));
    }
    draft.act(
        new AgentAction.TellExecutor(
            stream,
            ExecutorEventFactory.subscribed(
                executor,
                AgentCalls.info(settings, draft.state()),
                executor.run().container(draft.state().agentId()))));
    for (Call.Update update : call.getUnacknowledgedUpdatesList()) {
      takeUpdate(draft, executor, update.getStatus());
    }
    if (again) {
      dropUnknown(draft, executor, call.getUnacknowledgedTasksList());
    }
    for (AgentTask task : draft.state().tasksOf(id)) {
      if (draft.state().run(task.id()).delivered() && task.killed() && !task.terminal()) {
        draft.act(new AgentAction.TellExecutor(stream, ExecutorEventFactory.kill(task)));
      }
    }
    deliver(draft, draft.state().executors().get(id));
  }

  /** A launch was lost on its way; an executor names all that it was sent (Mesos 4.6). */
  private void dropUnknown(AgentDraft draft, AgentExecutor executor, List<TaskInfo> named) {
    Set<TaskID> known =
        named.stream()
            .map(TaskInfo::getTaskId)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    for (AgentTask task : draft.state().tasksOf(executor.id())) {
      boolean silent = draft.state().run(task.id()).delivered() && task.was(TaskState.TASK_STAGING);
      if (silent && !known.contains(task.info().getTaskId())) {
        statuses.update(
            draft,
            task,
            statuses.dropped(
                draft,
                task,
                TaskStatus.Reason.REASON_AGENT_RESTARTED,
                "Executor subscribed again without the task"));
      }
    }
  }

  private void update(AgentDraft draft, AgentExecutor executor, TaskStatus said) {
    if (!takeUpdate(draft, executor, said)) {
      draft.refuse(
          429,
          "More than "
              + settings.executors().updatesMax()
              + " updates of task '"
              + said.getTaskId().getValue()
              + "' wait for the scheduler. The call was not done");
    }
  }

  /**
   * Takes an update, which is acknowledged once it is safe (CP-314); again, if it was taken before
   * (CP-262). False if too many wait for the scheduler.
   */
  private boolean takeUpdate(AgentDraft draft, AgentExecutor executor, TaskStatus said) {
    TaskId id = new TaskId(executor.id().framework(), said.getTaskId().getValue());
    AgentTask task =
        draft
            .state()
            .task(id)
            .filter(known -> known.info().hasExecutor() && known.executor().equals(executor.id()))
            .orElse(null);
    // Of a task that is over and acknowledged, or was never launched here, nobody waits for it.
    if (task != null && !task.terminal() && !task.saw(said.getUuid())) {
      if (task.kept().getUpdatesCount() >= settings.executors().updatesMax()) {
        return false;
      }
      draft.run(id, TaskRun::withDelivered);
      statuses.update(
          draft,
          task,
          statuses.filled(draft, task, said, executor.run().container(draft.state().agentId())));
    }
    long stream = draft.state().run(executor.id()).stream();
    if (stream != 0) {
      draft.act(
          new AgentAction.TellExecutor(
              stream, ExecutorEventFactory.acknowledged(said.getTaskId(), said.getUuid())));
    }
    return true;
  }

  /** A stream broke. */
  void closed(AgentDraft draft, long stream) {
    for (ExecutorId id : draft.state().executors().keySet()) {
      if (draft.state().run(id).stream() == stream) {
        draft.run(id, run -> run.stream(0));
      }
    }
  }

  // -- What they are told -----------------------------------------------------------------------

  /** Gives it what waits for it: at once if it listens, else when it does (CP-240, CP-310). */
  void deliver(AgentDraft draft, AgentExecutor executor) {
    ExecutorRun run = draft.state().run(executor.id());
    if (run.stream() == 0) {
      return;
    }
    Map<Long, List<AgentTask>> launches = new LinkedHashMap<>();
    for (AgentTask task : draft.state().tasksOf(executor.id())) {
      if (!draft.state().run(task.id()).delivered() && !task.terminal()) {
        launches.computeIfAbsent(task.number(), number -> new ArrayList<>()).add(task);
      }
    }
    for (List<AgentTask> launched : launches.values()) {
      if (launched.stream().anyMatch(AgentTask::killed)) {
        kill(draft, launched.get(0));
        continue;
      }
      draft.run(executor.id(), ExecutorRun::withBusy);
      launched.forEach(task -> draft.run(task.id(), TaskRun::withDelivered));
      draft.act(new AgentAction.Deliver(executor, run.stream(), launched));
    }
  }

  /** Volumes of the tasks could not be linked. */
  void deliveryFailed(AgentDraft draft, AgentInput.DeliveryFailed input) {
    ExecutorEndCause cause = ExecutorEndCause.notStarted(input.why());
    for (var run : input.tasks()) {
      draft
          .state()
          .task(run.taskId())
          .filter(task -> task.number() == run.number())
          .ifPresent(task -> statuses.update(draft, task, statuses.ended(draft, task, cause)));
    }
  }

  /** A message of its scheduler; it is lost if the executor does not listen (CP-162, CP-163). */
  void tell(AgentDraft draft, ExecutorId id, ByteString data) {
    long stream = draft.state().run(id).stream();
    if (stream != 0) {
      draft.act(new AgentAction.TellExecutor(stream, ExecutorEventFactory.message(data)));
    }
  }

  /** A task that the executor was not sent is over, and its group with it; else KILL is sent. */
  void kill(AgentDraft draft, AgentTask task) {
    AgentExecutor executor = draft.state().executors().get(task.executor());
    if (!draft.alive(task.id()) || executor == null) {
      return;
    }
    ExecutorRun run = draft.state().run(executor.id());
    if (draft.state().run(task.id()).delivered()) {
      if (run.stream() != 0) {
        draft.act(
            new AgentAction.TellExecutor(run.stream(), ExecutorEventFactory.kill(draft.now(task))));
      }
      return;
    }
    for (AgentTask other : draft.state().tasksOf(executor.id())) {
      if (other.number() == task.number()) {
        statuses.update(draft, other, statuses.killedBeforeDelivery(draft, other));
      }
    }
    boolean idle = draft.state().tasksOf(executor.id()).stream().allMatch(AgentTask::terminal);
    if (!run.busy() && idle) {
      executors.shutdown(draft, executor);
    }
  }
}
