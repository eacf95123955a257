package io.quorate.master.effect;

import io.quorate.master.event.Entry;
import io.quorate.master.event.Record;
import io.quorate.master.event.TasksReconciled;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a framework was not told while nobody listened, out of the entries since: every event in
 * order, but for offers that came and went meanwhile. Offers that came and stayed are sent with the
 * subscription; what was asked for meanwhile is answered anew.
 */
public final class Missed {
  private final String framework;
  private final List<Event> events = new ArrayList<>();
  private final Set<String> extended = new LinkedHashSet<>();
  private final List<TasksReconciled> reconciled = new ArrayList<>();

  public Missed(FrameworkId framework) {
    this.framework = framework.value();
  }

  /** Takes the next entry, in the order of the log. */
  public void take(long index, Entry entry) {
    for (Record record : entry.getRecordsList()) {
      for (io.quorate.master.event.Event event : record.getEventsList()) {
        Event told = told(event);
        if (told != null) {
          events.add(told.toBuilder().setLogIndex(index).build());
        }
      }
    }
  }

  /** The events so far. */
  public List<Event> events() {
    return events;
  }

  /** Whether an offer was made in these entries. */
  public boolean extended(String offerId) {
    return extended.contains(offerId);
  }

  /** The answers, from the present state, to what was asked in these entries. */
  public List<Event> answers(MasterState state) {
    List<Event> answers = new ArrayList<>();
    if (state.frameworks().has(new FrameworkId(framework))) {
      for (TasksReconciled asked : reconciled) {
        Reconciliation.answers(state, asked)
            .forEach(status -> answers.add(SchedulerEvents.update(status)));
      }
    }
    return answers;
  }

  /** A full implicit reconciliation, where history does not reach. */
  public static List<Event> everything(MasterState state, FrameworkId framework) {
    Missed missed = new Missed(framework);
    missed.reconciled.add(TasksReconciled.newBuilder().setFrameworkId(framework.value()).build());
    return missed.answers(state);
  }

  /** Null for what is not for this framework, or for nobody. */
  private Event told(io.quorate.master.event.Event event) {
    return switch (event.getWhatCase()) {
      case OFFER_EXTENDED -> {
        if (mine(event.getOfferExtended().getFrameworkId())) {
          extended.add(event.getOfferExtended().getOfferId());
        }
        yield null;
      }
      case OFFER_RESCINDED ->
          rescind(
              event.getOfferRescinded().getFrameworkId(), event.getOfferRescinded().getOfferId());
      case OFFER_DISCARDED ->
          rescind(
              event.getOfferDiscarded().getFrameworkId(), event.getOfferDiscarded().getOfferId());
      case INVERSE_OFFER_RESCINDED ->
          mine(event.getInverseOfferRescinded().getFrameworkId())
              ? MaintenanceEvents.rescind(event.getInverseOfferRescinded().getOfferId())
              : null;

      case TASK_REFUSED ->
          update(event.getTaskRefused().getFrameworkId(), event.getTaskRefused().getStatus());
      case TASK_STATUS_UPDATED ->
          update(
              event.getTaskStatusUpdated().getFrameworkId(),
              event.getTaskStatusUpdated().getStatus());
      case TASK_STATUS_REPEATED ->
          update(
              event.getTaskStatusRepeated().getFrameworkId(),
              event.getTaskStatusRepeated().getStatus());
      case TASK_RECOVERED ->
          update(event.getTaskRecovered().getFrameworkId(), event.getTaskRecovered().getStatus());
      case TASK_BECAME_UNREACHABLE ->
          update(
              event.getTaskBecameUnreachable().getFrameworkId(),
              event.getTaskBecameUnreachable().getStatus());
      case TASKS_RECONCILED -> {
        if (mine(event.getTasksReconciled().getFrameworkId())) {
          reconciled.add(event.getTasksReconciled());
        }
        yield null;
      }

      case OPERATION_REFUSED ->
          mine(event.getOperationRefused().getFrameworkId())
              ? SchedulerEvents.operation(event.getOperationRefused().getStatus())
              : null;
      case OPERATION_STATUS_UPDATED ->
          mine(event.getOperationStatusUpdated().getFrameworkId())
              ? SchedulerEvents.operation(event.getOperationStatusUpdated().getStatus())
              : null;
      case OPERATION_STATUS_REPEATED ->
          mine(event.getOperationStatusRepeated().getFrameworkId())
              ? SchedulerEvents.operation(event.getOperationStatusRepeated().getStatus())
              : null;

      case MESSAGE_FROM_EXECUTOR ->
          mine(event.getMessageFromExecutor().getFrameworkId())
              ? ExecutorEvents.message(event.getMessageFromExecutor())
              : null;
      case EXECUTOR_EXITED ->
          mine(event.getExecutorExited().getFrameworkId())
              ? ExecutorEvents.failure(event.getExecutorExited())
              : null;
      case AGENT_BECAME_UNREACHABLE ->
          SchedulerEvents.failure(new AgentId(event.getAgentBecameUnreachable().getAgentId()));
      case AGENT_REMOVED ->
          SchedulerEvents.failure(new AgentId(event.getAgentRemoved().getAgentId()));
      default -> null;
    };
  }

  private boolean mine(String id) {
    return framework.equals(id);
  }

  private Event update(String id, TaskStatus status) {
    return mine(id) ? SchedulerEvents.update(status) : null;
  }

  private Event rescind(String id, String offerId) {
    return mine(id) && !extended.contains(offerId)
        ? SchedulerEvents.rescind(new OfferId(offerId))
        : null;
  }
}
