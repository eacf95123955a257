package io.quorate.master.http.operator;

import io.quorate.master.event.Call;
import io.quorate.master.leader.MasterMachine.Commit;
import io.quorate.master.leader.MasterMachine.Step;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Mesos's counters (6.4), counted from the log: every master that was up counts the same, so that a
 * change of the leader loses nothing. They begin with 0 when the process starts, as counters do.
 *
 * <p>A call counts when it is committed with what it caused; what was refused is not in the log.
 * The counters of a framework go with it, so that their number is bounded by that of the
 * frameworks. Commits come on the apply thread; any thread may read.
 */
public final class EventCounters {
  private static final List<TaskState> TERMINAL =
      List.of(
          TaskState.TASK_FINISHED,
          TaskState.TASK_FAILED,
          TaskState.TASK_KILLED,
          TaskState.TASK_LOST,
          TaskState.TASK_ERROR,
          TaskState.TASK_DROPPED,
          TaskState.TASK_GONE,
          TaskState.TASK_GONE_BY_OPERATOR);
  private static final List<String> FROM_THE_START =
      List.of(
          "dropped_messages",
          "invalid_executor_to_framework_messages",
          "invalid_framework_to_executor_messages",
          "invalid_operation_status_update_acknowledgements",
          "invalid_operation_status_updates",
          "invalid_status_update_acknowledgements",
          "invalid_status_updates",
          "messages_authenticate",
          "messages_deactivate_framework",
          "messages_decline_offers",
          "messages_executor_to_framework",
          "messages_exited_executor",
          "messages_framework_to_executor",
          "messages_kill_task",
          "messages_launch_tasks",
          "messages_operation_status_update",
          "messages_operation_status_update_acknowledgement",
          "messages_reconcile_operations",
          "messages_reconcile_tasks",
          "messages_register_framework",
          "messages_register_slave",
          "messages_reregister_framework",
          "messages_reregister_slave",
          "messages_resource_request",
          "messages_revive_offers",
          "messages_status_update",
          "messages_status_update_acknowledgement",
          "messages_suppress_offers",
          "messages_unregister_framework",
          "messages_unregister_slave",
          "messages_update_slave",
          "recovery_slave_removals",
          "slave_registrations",
          "slave_removals",
          "slave_removals/reason_registered",
          "slave_removals/reason_unhealthy",
          "slave_removals/reason_unregistered",
          "slave_reregistrations",
          "slave_shutdowns_canceled",
          "slave_shutdowns_completed",
          "slave_shutdowns_scheduled",
          "slave_unreachable_canceled",
          "slave_unreachable_completed",
          "slave_unreachable_scheduled",
          "valid_executor_to_framework_messages",
          "valid_framework_to_executor_messages",
          "valid_operation_status_update_acknowledgements",
          "valid_operation_status_updates",
          "valid_status_update_acknowledgements",
          "valid_status_updates");

  private final SortedMap<String, Long> counts = new TreeMap<>();

  /** All begin with 0. */
  public EventCounters() {
    FROM_THE_START.forEach(name -> add("master/" + name, 0));
    TERMINAL.forEach(state -> add("master/tasks_" + word(state), 0));
    for (OperationState state :
        List.of(
            OperationState.OPERATION_FINISHED,
            OperationState.OPERATION_FAILED,
            OperationState.OPERATION_ERROR,
            OperationState.OPERATION_DROPPED,
            OperationState.OPERATION_GONE_BY_OPERATOR)) {
      add("master/operations/" + word(state), 0);
    }
  }

  /** What was counted so far. */
  public synchronized SortedMap<String, Long> all() {
    return new TreeMap<>(counts);
  }

  /** Counts a committed entry. */
  public synchronized void committed(Commit commit) {
    for (int position = 0; position < commit.calls().size(); position++) {
      List<Step> steps = commit.calls().get(position);
      steps.forEach(this::event);
      call(commit.asked().get(position), steps);
    }
  }

  private void add(String name, long number) {
    counts.merge(name, number, Long::sum);
  }

  private void count(String name) {
    add("master/" + name, 1);
  }

  private static String word(Enum<?> constant) {
    return constant
        .name()
        .toLowerCase(Locale.ROOT)
        .replaceFirst("^(task|operation|source|reason)_", "");
  }

  private void count(Framework framework, String name) {
    if (framework != null) {
      add(prefix(framework) + name, 1);
    }
  }

  /** Under its name, in which everything but letters, digits and a few signs is escaped. */
  static String prefix(Framework framework) {
    String name =
        URLEncoder.encode(framework.info().getName(), StandardCharsets.UTF_8).replace("+", "%20");
    return "master/frameworks/" + name + "/" + framework.id().value() + "/";
  }

  // -- Calls ------------------------------------------------------------------------------------

  private void call(Call call, List<Step> steps) {
    if (call.hasScheduler() && !steps.isEmpty()) {
      MasterState after = steps.get(steps.size() - 1).after();
      scheduler(call.getScheduler().getCall(), after);
    } else if (call.hasAgent()) {
      agent(call.getAgent().getCall());
    }
  }

  private void scheduler(io.quorate.protocol.v1.scheduler.Call call, MasterState after) {
    Framework framework =
        after.frameworks().find(new FrameworkId(call.getFrameworkId().getValue())).orElse(null);
    count(framework, "calls");
    count(framework, "calls/" + word(call.getType()));
    for (Offer.Operation operation : call.getAccept().getOperationsList()) {
      count(framework, "operations");
      count(framework, "operations/" + word(operation.getType()));
    }
    String message =
        switch (call.getType()) {
          case SUBSCRIBE -> call.hasFrameworkId() ? "reregister_framework" : "register_framework";
          case TEARDOWN -> "unregister_framework";
          case ACCEPT -> "launch_tasks";
          case DECLINE -> "decline_offers";
          case REVIVE -> "revive_offers";
          case SUPPRESS -> "suppress_offers";
          case KILL -> "kill_task";
          case ACKNOWLEDGE -> "status_update_acknowledgement";
          case ACKNOWLEDGE_OPERATION_STATUS -> "operation_status_update_acknowledgement";
          case RECONCILE -> "reconcile_tasks";
          case RECONCILE_OPERATIONS -> "reconcile_operations";
          case MESSAGE -> "framework_to_executor";
          case REQUEST -> "resource_request";
          default -> "";
        };
    if (!message.isEmpty()) {
      count("messages_" + message);
    }
  }

  private void agent(io.quorate.protocol.agentlink.AgentCall call) {
    String message =
        switch (call.getType()) {
          case SUBSCRIBE -> call.hasAgentId() ? "reregister_slave" : "register_slave";
          case UPDATE -> "status_update";
          case UNREGISTER -> "unregister_slave";
          case EXECUTOR_MESSAGE -> "executor_to_framework";
          case EXECUTOR_EXITED -> "exited_executor";
          case OPERATION_UPDATE -> "operation_status_update";
          case UNKNOWN, PONG -> "";
        };
    if (!message.isEmpty()) {
      count("messages_" + message);
    }
    if (call.getType() == io.quorate.protocol.agentlink.AgentCall.Type.UNREGISTER) {
      count("slave_removals/reason_unregistered");
    }
  }

  // -- Events -----------------------------------------------------------------------------------

  private void event(Step step) {
    var event = step.event();
    switch (event.getWhatCase()) {
      case TASK_STATUS_UPDATED -> {
        count("valid_status_updates");
        var updated = event.getTaskStatusUpdated();
        status(step, updated.getFrameworkId(), updated.getStatus());
      }
      case TASK_STATUS_REPEATED -> count("valid_status_updates");
      case UPDATE_DISOWNED -> count("invalid_status_updates");
      case TASK_STATUS_ACKNOWLEDGED -> count("valid_status_update_acknowledgements");
      case TASK_REFUSED -> {
        var refused = event.getTaskRefused();
        ended(framework(step, refused.getFrameworkId()), refused.getStatus());
      }
      case FRAMEWORK_REMOVED -> frameworkRemoved(step);
      case OFFER_EXTENDED ->
          count(framework(step, event.getOfferExtended().getFrameworkId()), "offers/sent");
      case OFFER_ACCEPTED -> offer(step, event.getOfferAccepted().getOfferId(), "accepted");
      case OFFER_DECLINED -> offer(step, event.getOfferDeclined().getOfferId(), "declined");
      case OFFER_RESCINDED -> offer(step, event.getOfferRescinded().getOfferId(), "rescinded");
      case MESSAGE_TO_EXECUTOR -> count("valid_framework_to_executor_messages");
      case MESSAGE_FROM_EXECUTOR -> count("valid_executor_to_framework_messages");
      case OPERATION_STATUS_UPDATED -> operation(step);
      case OPERATION_STATUS_REPEATED -> count("valid_operation_status_updates");
      case OPERATION_UPDATE_DISOWNED -> count("invalid_operation_status_updates");
      case OPERATION_STATUS_ACKNOWLEDGED -> count("valid_operation_status_update_acknowledgements");
      case AGENT_REGISTERED -> count("slave_registrations");
      case AGENT_RECONNECTED -> count("slave_reregistrations");
      case AGENT_BECAME_UNREACHABLE -> {
        count("slave_unreachable_scheduled");
        count("slave_unreachable_completed");
      }
      case AGENT_REMOVED -> {
        if (step.before().agents().has(new AgentId(event.getAgentRemoved().getAgentId()))) {
          count("slave_removals");
        }
      }
      default -> {
        // Mesos counts nothing of the kind.
      }
    }
  }

  private static Framework framework(Step step, String id) {
    return step.before().frameworks().find(new FrameworkId(id)).orElse(null);
  }

  private void offer(Step step, String id, String what) {
    step.before()
        .offers()
        .find(new OfferId(id))
        .ifPresent(offer -> count(framework(step, offer.framework().value()), "offers/" + what));
  }

  /** A task ends once, however often that is told. */
  private void status(Step step, String framework, TaskStatus status) {
    TaskKey key = new TaskKey(new FrameworkId(framework), status.getTaskId().getValue());
    boolean first =
        step.before()
            .tasks()
            .find(key)
            .filter(
                task ->
                    task.statuses().stream()
                        .noneMatch(earlier -> TERMINAL.contains(earlier.getState())))
            .isPresent();
    if (first && TERMINAL.contains(status.getState())) {
      ended(framework(step, framework), status);
    }
  }

  private void ended(Framework framework, TaskStatus status) {
    String state = word(status.getState());
    count("tasks_" + state);
    String detail = "task_" + state + "/source_" + word(status.getSource());
    count(status.hasReason() ? detail + "/reason_" + word(status.getReason()) : detail);
    count(framework, "tasks/terminal/task_" + state);
  }

  private void frameworkRemoved(Step step) {
    Framework framework = framework(step, step.event().getFrameworkRemoved().getFrameworkId());
    if (framework != null) {
      for (Task task : step.before().tasksOf(framework.id())) {
        if (!task.terminal()) {
          count("tasks_killed");
        }
      }
      String prefix = prefix(framework);
      counts.keySet().removeIf(name -> name.startsWith(prefix));
    }
  }

  private void operation(Step step) {
    count("valid_operation_status_updates");
    var updated = step.event().getOperationStatusUpdated();
    String state = word(updated.getStatus().getState());
    boolean known = counts.containsKey("master/operations/" + state);
    if (known) {
      count("operations/" + state);
      step.before()
          .operations()
          .find(new OperationKey(updated.getUuid()))
          .ifPresent(
              operation -> count("operations/" + word(operation.info().getType()) + "/" + state));
    }
  }
}
