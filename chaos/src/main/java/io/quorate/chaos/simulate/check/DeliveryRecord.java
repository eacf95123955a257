package io.quorate.chaos.simulate.check;

import io.quorate.master.event.Entry;
import io.quorate.master.event.Event.WhatCase;
import io.quorate.master.event.Record;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Whether frameworks are told all that was committed for them: on one stream, and over the breaks
 * between streams if they resume by index.
 */
public final class DeliveryRecord {
  /** For every framework that is subscribed. */
  private static final String ALL = "";

  /** Of these events no framework must hear. */
  private static final Set<WhatCase> SILENT =
      EnumSet.of(
          WhatCase.FRAMEWORK_SUBSCRIBED,
          WhatCase.SUBSCRIPTION_REFUSED,
          WhatCase.FRAMEWORK_REMOVED,
          WhatCase.FRAMEWORK_UPDATED,
          WhatCase.OFFER_EXTENDED,
          WhatCase.OFFER_RESCINDED,
          WhatCase.OFFER_DISCARDED,
          WhatCase.INVERSE_OFFER_EXTENDED,
          WhatCase.INVERSE_OFFER_RESCINDED,
          WhatCase.TASK_LAUNCHED,
          WhatCase.TASK_GROUP_LAUNCHED,
          WhatCase.TASK_KILL_REQUESTED,
          WhatCase.STRAY_TASK_KILLED,
          WhatCase.TASK_STATUS_ACKNOWLEDGED,
          WhatCase.UPDATE_DISOWNED,
          WhatCase.TASKS_RECONCILED,
          WhatCase.EXECUTOR_SHUTDOWN_REQUESTED,
          WhatCase.MESSAGE_TO_EXECUTOR,
          WhatCase.MESSAGE_FROM_EXECUTOR,
          WhatCase.EXECUTOR_EXITED,
          WhatCase.OPERATION_BEGUN,
          WhatCase.OPERATION_STATUS_ACKNOWLEDGED,
          WhatCase.OPERATION_UPDATE_DISOWNED,
          WhatCase.OPERATIONS_RECONCILED,
          WhatCase.AGENT_REGISTERED,
          WhatCase.AGENT_RECONNECTED,
          WhatCase.AGENT_REACTIVATED,
          WhatCase.AGENT_DRAIN_STARTED,
          WhatCase.FRAMEWORK_DISCONNECTED,
          WhatCase.OFFERS_SUPPRESSED,
          WhatCase.OFFERS_REVIVED,
          WhatCase.OFFERS_REQUESTED,
          WhatCase.OFFER_ACCEPTED,
          WhatCase.OFFER_DECLINED,
          WhatCase.FILTER_INSTALLED,
          WhatCase.FILTER_REMOVED,
          WhatCase.ACCEPT_REMEMBERED,
          WhatCase.WEIGHTS_UPDATED,
          WhatCase.QUOTAS_UPDATED,
          WhatCase.LEADER_ELECTED,
          WhatCase.COMMANDS_CONFIRMED,
          WhatCase.EXECUTOR_REMOVED,
          WhatCase.OPERATION_FORGOTTEN,
          WhatCase.INVERSE_OFFER_ANSWERED,
          WhatCase.AGENT_DISCONNECTED,
          WhatCase.AGENT_DEACTIVATED,
          WhatCase.AGENT_DRAINED,
          WhatCase.AGENT_MARKED_GONE,
          WhatCase.GONE_AGENT_FORGOTTEN,
          WhatCase.MAINTENANCE_SCHEDULED,
          WhatCase.MACHINE_STATE_CHANGED,
          WhatCase.VARIABLE_STORED,
          WhatCase.VARIABLE_EXPUNGED,
          WhatCase.WHAT_NOT_SET);

  /**
   * What must be heard of the other events. It is said here once more, apart from the master's own
   * table ({@code Audience}), since a check that read that table would believe its faults.
   */
  private static final Map<WhatCase, Function<io.quorate.master.event.Event, Optional<Owed>>> TOLD =
      Map.ofEntries(
          Map.entry(
              WhatCase.TASK_REFUSED,
              event ->
                  update(
                      event.getTaskRefused().getFrameworkId(), event.getTaskRefused().getStatus())),
          Map.entry(
              WhatCase.TASK_STATUS_UPDATED,
              event ->
                  update(
                      event.getTaskStatusUpdated().getFrameworkId(),
                      event.getTaskStatusUpdated().getStatus())),
          Map.entry(
              WhatCase.TASK_STATUS_REPEATED,
              event ->
                  update(
                      event.getTaskStatusRepeated().getFrameworkId(),
                      event.getTaskStatusRepeated().getStatus())),
          Map.entry(
              WhatCase.TASK_RECOVERED,
              event ->
                  update(
                      event.getTaskRecovered().getFrameworkId(),
                      event.getTaskRecovered().getStatus())),
          Map.entry(
              WhatCase.TASK_BECAME_UNREACHABLE,
              event ->
                  update(
                      event.getTaskBecameUnreachable().getFrameworkId(),
                      event.getTaskBecameUnreachable().getStatus())),
          Map.entry(
              WhatCase.OPERATION_REFUSED,
              event ->
                  operation(
                      event.getOperationRefused().getFrameworkId(),
                      event.getOperationRefused().getStatus())),
          Map.entry(
              WhatCase.OPERATION_STATUS_UPDATED,
              event ->
                  event.getOperationStatusUpdated().hasFrameworkId()
                      ? operation(
                          event.getOperationStatusUpdated().getFrameworkId(),
                          event.getOperationStatusUpdated().getStatus())
                      : Optional.empty()),
          Map.entry(
              WhatCase.OPERATION_STATUS_REPEATED,
              event ->
                  operation(
                      event.getOperationStatusRepeated().getFrameworkId(),
                      event.getOperationStatusRepeated().getStatus())),
          Map.entry(
              WhatCase.AGENT_BECAME_UNREACHABLE,
              event -> failure(event.getAgentBecameUnreachable().getAgentId())),
          Map.entry(
              WhatCase.AGENT_REMOVED, event -> failure(event.getAgentRemoved().getAgentId())));

  static {
    // An event that is added later must be judged here too.
    for (WhatCase event : WhatCase.values()) {
      if (SILENT.contains(event) == TOLD.containsKey(event)) {
        throw new IllegalStateException(event + " must be in one of SILENT and TOLD");
      }
    }
  }

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

  private static Optional<Owed> owed(io.quorate.master.event.Event event) {
    return TOLD.getOrDefault(event.getWhatCase(), silent -> Optional.empty()).apply(event);
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
