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
    switch (event.getWhatCase()) {
      case TASK_REFUSED ->
          update(
              index, event.getTaskRefused().getFrameworkId(), event.getTaskRefused().getStatus());
      case TASK_STATUS_UPDATED ->
          update(
              index,
              event.getTaskStatusUpdated().getFrameworkId(),
              event.getTaskStatusUpdated().getStatus());
      case TASK_STATUS_REPEATED ->
          update(
              index,
              event.getTaskStatusRepeated().getFrameworkId(),
              event.getTaskStatusRepeated().getStatus());
      case TASK_RECOVERED ->
          update(
              index,
              event.getTaskRecovered().getFrameworkId(),
              event.getTaskRecovered().getStatus());
      case TASK_BECAME_UNREACHABLE ->
          update(
              index,
              event.getTaskBecameUnreachable().getFrameworkId(),
              event.getTaskBecameUnreachable().getStatus());
      case OPERATION_REFUSED ->
          owe(
              index,
              event.getOperationRefused().getFrameworkId(),
              operation(event.getOperationRefused().getStatus()));
      case OPERATION_STATUS_UPDATED -> {
        if (event.getOperationStatusUpdated().hasFrameworkId()) {
          owe(
              index,
              event.getOperationStatusUpdated().getFrameworkId(),
              operation(event.getOperationStatusUpdated().getStatus()));
        }
      }
      case OPERATION_STATUS_REPEATED ->
          owe(
              index,
              event.getOperationStatusRepeated().getFrameworkId(),
              operation(event.getOperationStatusRepeated().getStatus()));
      case AGENT_BECAME_UNREACHABLE ->
          owe(index, ALL, failure(event.getAgentBecameUnreachable().getAgentId()));
      case AGENT_REMOVED -> owe(index, ALL, failure(event.getAgentRemoved().getAgentId()));
      default -> {}
    }
  }

  private void update(long index, String framework, TaskStatus status) {
    owe(index, framework, update(status));
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

  private static String failure(String agent) {
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
        case FAILURE -> note(index, failure(event.getFailure().getAgentId().getValue()));
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
