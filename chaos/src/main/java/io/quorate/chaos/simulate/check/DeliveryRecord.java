package io.quorate.chaos.simulate.check;

import io.quorate.master.event.Entry;
import io.quorate.master.event.Record;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether frameworks are told all that was committed for them: on one stream, and over the breaks
 * between streams if they resume by index.
 */
public final class DeliveryRecord {
  /** For every framework that is subscribed. */
  private static final String ALL = "";

  private final Invariants invariants;

  /** By framework and index, what is to be told of the entry. */
  private final Map<String, TreeMap<Long, List<String>>> owed = new HashMap<>();

  DeliveryRecord(Invariants invariants) {
    this.invariants = invariants;
  }

  void committed(long index, Entry entry) {
    for (Record record : entry.getRecordsList()) {
      record.getEventsList().forEach(event -> committed(index, event));
    }
  }

  private void committed(long index, io.quorate.master.event.Event event) {
    owed(event).ifPresent(owed -> owe(index, owed.framework(), owed.news()));
  }

  /** What must be heard, and by whom. */
  private record Owed(String framework, String news) {}

  /**
   * What must be heard of an event. It is said here once more, apart from the master's own table
   * ({@code Audience}), since a check that read that table would believe its faults; like it, this
   * switch has no default, so that an event which is added later must be judged here too.
   */
  private static Optional<Owed> owed(io.quorate.master.event.Event event) {
    return switch (event.getWhatCase()) {
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
      case OPERATION_REFUSED ->
          operation(
              event.getOperationRefused().getFrameworkId(),
              event.getOperationRefused().getStatus());
      case OPERATION_STATUS_UPDATED ->
          event.getOperationStatusUpdated().hasFrameworkId()
              ? operation(
                  event.getOperationStatusUpdated().getFrameworkId(),
                  event.getOperationStatusUpdated().getStatus())
              : Optional.empty();
      case OPERATION_STATUS_REPEATED ->
          operation(
              event.getOperationStatusRepeated().getFrameworkId(),
              event.getOperationStatusRepeated().getStatus());
      case AGENT_BECAME_UNREACHABLE -> failure(event.getAgentBecameUnreachable().getAgentId());
      case AGENT_REMOVED -> failure(event.getAgentRemoved().getAgentId());
      case FRAMEWORK_SUBSCRIBED,
          SUBSCRIPTION_REFUSED,
          FRAMEWORK_REMOVED,
          FRAMEWORK_UPDATED,
          OFFER_EXTENDED,
          OFFER_RESCINDED,
          OFFER_DISCARDED,
          INVERSE_OFFER_EXTENDED,
          INVERSE_OFFER_RESCINDED,
          TASK_LAUNCHED,
          TASK_GROUP_LAUNCHED,
          TASK_KILL_REQUESTED,
          STRAY_TASK_KILLED,
          TASK_STATUS_ACKNOWLEDGED,
          UPDATE_DISOWNED,
          TASKS_RECONCILED,
          EXECUTOR_SHUTDOWN_REQUESTED,
          MESSAGE_TO_EXECUTOR,
          MESSAGE_FROM_EXECUTOR,
          EXECUTOR_EXITED,
          OPERATION_BEGUN,
          OPERATION_STATUS_ACKNOWLEDGED,
          OPERATION_UPDATE_DISOWNED,
          OPERATIONS_RECONCILED,
          AGENT_REGISTERED,
          AGENT_RECONNECTED,
          AGENT_REACTIVATED,
          AGENT_DRAIN_STARTED,
          FRAMEWORK_DISCONNECTED,
          OFFERS_SUPPRESSED,
          OFFERS_REVIVED,
          OFFERS_REQUESTED,
          OFFER_ACCEPTED,
          OFFER_DECLINED,
          FILTER_INSTALLED,
          FILTER_REMOVED,
          ACCEPT_REMEMBERED,
          WEIGHTS_UPDATED,
          QUOTAS_UPDATED,
          LEADER_ELECTED,
          COMMANDS_CONFIRMED,
          EXECUTOR_REMOVED,
          OPERATION_FORGOTTEN,
          INVERSE_OFFER_ANSWERED,
          AGENT_DISCONNECTED,
          AGENT_DEACTIVATED,
          AGENT_DRAINED,
          AGENT_MARKED_GONE,
          GONE_AGENT_FORGOTTEN,
          MAINTENANCE_SCHEDULED,
          MACHINE_STATE_CHANGED,
          VARIABLE_STORED,
          VARIABLE_EXPUNGED,
          WHAT_NOT_SET ->
          Optional.empty();
    };
  }

  private static Optional<Owed> update(String framework, TaskStatus status) {
    return Optional.of(new Owed(framework, update(status)));
  }

  private static Optional<Owed> operation(String framework, OperationStatus status) {
    return Optional.of(new Owed(framework, operation(status)));
  }

  private static Optional<Owed> failure(String agent) {
    return Optional.of(new Owed(ALL, failed(agent)));
  }

  private void owe(long index, String framework, String what) {
    owed.computeIfAbsent(framework, key -> new TreeMap<>())
        .computeIfAbsent(index, key -> new ArrayList<>())
        .add(what);
  }

  private static String update(TaskStatus status) {
    return "update " + status.getTaskId().getValue() + " " + status.getState();
  }

  private static String operation(OperationStatus status) {
    return "operation " + status.getOperationId().getValue() + " " + status.getState();
  }

  private static String failed(String agent) {
    return "failure of " + agent;
  }

  /** What one framework was told, by whichever stream. */
  public final class FrameworkDelivery {
    private final Map<Long, Set<String>> told = new HashMap<>();
    private String framework = "";

    /** All after this index is to be told. */
    private long complete;

    public void heard(Event event, boolean resumed) {
      long index = event.getLogIndex();
      switch (event.getType()) {
        case SUBSCRIBED -> {
          framework = event.getSubscribed().getFrameworkId().getValue();
          if (!resumed) {
            told.clear();
            complete = index;
          }
        }
        case UPDATE -> note(index, update(event.getUpdate().getStatus()));
        case UPDATE_OPERATION_STATUS ->
            note(index, operation(event.getUpdateOperationStatus().getStatus()));
        case FAILURE -> note(index, failed(event.getFailure().getAgentId().getValue()));
        default -> {}
      }
      // An ERROR may come in place of SUBSCRIBED.
      boolean ofTheStream =
          event.getType() != Event.Type.SUBSCRIBED && event.getType() != Event.Type.ERROR;
      if (ofTheStream) {
        upTo(event.getType() == Event.Type.HEARTBEAT ? index : index - 1);
      }
    }

    private void note(long index, String what) {
      told.computeIfAbsent(index, key -> new HashSet<>()).add(what);
    }

    /** Events come in the order of the log: before this one there is no more to come. */
    private void upTo(long index) {
      if (index > complete) {
        require(owed.get(framework), index);
        require(owed.get(ALL), index);
        complete = index;
        told.keySet().removeIf(told -> told <= index);
      }
    }

    private void require(TreeMap<Long, List<String>> entries, long index) {
      if (entries == null) {
        return;
      }
      entries
          .subMap(complete, false, index, true)
          .forEach(
              (at, all) -> {
                Set<String> heard = told.getOrDefault(at, Set.of());
                for (String word : all) {
                  invariants.require(
                      heard.contains(word),
                      "nothing that was committed is left out",
                      framework + " never heard at " + at + " of " + word);
                }
              });
    }
  }
}
