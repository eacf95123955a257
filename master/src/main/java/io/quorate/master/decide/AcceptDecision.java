package io.quorate.master.decide;

import io.quorate.master.event.Event;
import io.quorate.master.event.TaskLaunched;
import io.quorate.master.state.CompletedTaskKey;
import io.quorate.master.state.Framework;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Offer;
import io.quorate.master.state.OfferId;
import io.quorate.master.state.Task;
import io.quorate.master.state.TaskKey;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Filters;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Decides ACCEPT (Mesos 3.3, 3.6): offers are consumed, and the operations run in order. */
final class AcceptDecision {
  private final Draft draft;
  private final Framework framework;
  private final Call.Accept call;

  private AcceptDecision(MasterState state, Framework framework, Call.Accept call) {
    this.draft = new Draft(state);
    this.framework = framework;
    this.call = call;
  }

  static Decision decide(MasterState state, Framework framework, Call.Accept call) {
    return new AcceptDecision(state, framework, call).decide();
  }

  private Decision decide() {
    if (repeated()) {
      return draft.accepted();
    }
    Optional<String> wrong = wrongOffers();
    if (wrong.isPresent()) {
      refuseAll(wrong.get());
      return draft.accepted();
    }
    List<Offer> offers = offers();
    Resources left = Resources.EMPTY;
    for (Offer offer : offers) {
      left = left.plus(offer.resources());
      boolean used = call.getOperationsList().stream().anyMatch(AcceptDecision::launches);
      draft.emit(used ? Facts.accepted(offer.id()) : Facts.declined(offer.id()));
    }
    for (Operation operation : call.getOperationsList()) {
      left = run(operation, offers.get(0), left);
    }
    Filters filters = call.getFilters();
    OfferDecisions.refuse(draft, offers.get(0), left, filters);
    return draft.accepted();
  }

  /**
   * Whether this is a call that was done already, and whose answer got lost: its offers are gone,
   * and every task of it was launched on just these offers. Repeating it changes nothing.
   */
  private boolean repeated() {
    List<String> offerIds = call.getOfferIdsList().stream().map(OfferID::getValue).toList();
    for (String id : offerIds) {
      if (draft.state().offers().has(new OfferId(id))) {
        return false;
      }
    }
    List<TaskInfo> tasks = tasks();
    return !tasks.isEmpty()
        && tasks.stream().allMatch(task -> launchedOn(task.getTaskId().getValue(), offerIds));
  }

  private boolean launchedOn(String taskId, List<String> offerIds) {
    Optional<Task> active = draft.state().tasks().find(new TaskKey(framework.id(), taskId));
    if (active.isPresent()) {
      return active.get().offerIds().equals(offerIds);
    }
    for (long number = framework.nextCompletedTask() - 1; number >= 0; number--) {
      CompletedTaskKey key = new CompletedTaskKey(framework.id(), number);
      Optional<Task> completed = draft.state().completedTasks().find(key);
      if (completed.isEmpty()) {
        return false;
      }
      if (completed.get().key().taskId().equals(taskId)) {
        return completed.get().offerIds().equals(offerIds);
      }
    }
    return false;
  }

  private List<TaskInfo> tasks() {
    List<TaskInfo> tasks = new ArrayList<>();
    for (Operation operation : call.getOperationsList()) {
      tasks.addAll(operation.getLaunch().getTaskInfosList());
      tasks.addAll(operation.getLaunchGroup().getTaskGroup().getTasksList());
    }
    return tasks;
  }

  /** The checks that fail the whole call (CP-135, 136, 137). */
  private Optional<String> wrongOffers() {
    if (call.getOfferIdsCount() == 0) {
      return Optional.of("No offers specified");
    }
    TreeSet<OfferId> seen = new TreeSet<>();
    TreeSet<String> agents = new TreeSet<>();
    TreeSet<String> roles = new TreeSet<>();
    for (OfferID each : call.getOfferIdsList()) {
      OfferId id = new OfferId(each.getValue());
      if (!seen.add(id)) {
        return Optional.of("Duplicate offer " + id + " in offer list");
      }
      Optional<Offer> offer = draft.state().offers().find(id);
      if (offer.isEmpty()) {
        return Optional.of("Offer " + id + " is no longer valid");
      }
      if (!offer.get().framework().equals(framework.id())) {
        return Optional.of("Offer " + id + " is not an offer to framework " + framework.id());
      }
      agents.add(offer.get().agent().value());
      roles.add(offer.get().role());
    }
    if (roles.size() > 1) {
      return Optional.of(
          "Aggregated offers must be allocated to the same role. Offers are allocated to " + roles);
    }
    return agents.size() > 1
        ? Optional.of("Aggregated offers must belong to one single agent. Offers are of " + agents)
        : Optional.empty();
  }

  /** The offers that exist are discarded without a filter; every task is told (CP-138, 139). */
  private void refuseAll(String why) {
    for (OfferID each : call.getOfferIdsList()) {
      OfferId id = new OfferId(each.getValue());
      Optional<Offer> offer = draft.state().offers().find(id);
      if (offer.isPresent() && offer.get().framework().equals(framework.id())) {
        draft.emit(Facts.discarded(id));
      }
    }
    for (TaskInfo task : tasks()) {
      // Told that it never started, though it runs? Then the framework would start it twice.
      if (!draft.state().tasks().has(new TaskKey(framework.id(), task.getTaskId().getValue()))) {
        refuse(
            task,
            MasterStatus.fine(framework, TaskState.TASK_DROPPED),
            TaskStatus.Reason.REASON_INVALID_OFFERS,
            "Task launched with invalid offers: " + why);
      }
    }
  }

  private List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    for (OfferID each : call.getOfferIdsList()) {
      offers.add(draft.state().offers().get(new OfferId(each.getValue())));
    }
    return offers;
  }

  private static boolean launches(Operation operation) {
    return operation.getLaunch().getTaskInfosCount() > 0;
  }

  /** Runs one operation on what earlier ones left, and returns what it leaves (CP-141, 142). */
  private Resources run(Operation operation, Offer offer, Resources available) {
    return switch (operation.getType()) {
      case LAUNCH -> {
        Resources left = available;
        for (TaskInfo task : operation.getLaunch().getTaskInfosList()) {
          left = launch(operation, task, offer, left);
        }
        yield left;
      }
      case LAUNCH_GROUP -> {
        for (TaskInfo task : operation.getLaunchGroup().getTaskGroup().getTasksList()) {
          refuse(
              task,
              TaskState.TASK_ERROR,
              TaskStatus.Reason.REASON_TASK_GROUP_INVALID,
              "Task groups are not part of this release");
        }
        yield available;
      }
      // An operation without an id that fails yields no event (CP-216); with one, the face refuses.
      case RESERVE,
          UNRESERVE,
          CREATE,
          DESTROY,
          GROW_VOLUME,
          SHRINK_VOLUME,
          CREATE_DISK,
          DESTROY_DISK,
          UNKNOWN ->
          available;
    };
  }

  private Resources launch(Operation operation, TaskInfo task, Offer offer, Resources available) {
    Optional<String> wrong =
        operation.hasId()
            ? Optional.of("Operation of type LAUNCH must not have an id")
            : TaskValidation.wrong(draft.state(), framework, task, offer, available);
    if (wrong.isPresent()) {
      refuse(task, TaskState.TASK_ERROR, TaskStatus.Reason.REASON_TASK_INVALID, wrong.get());
      return available;
    }
    Resources needed = TaskValidation.allocated(task, offer.role());
    TaskInfo.Builder launched = task.toBuilder().clearResources();
    launched.addAllResources(needed.toProtos());
    draft.emit(
        Event.newBuilder()
            .setTaskLaunched(
                TaskLaunched.newBuilder()
                    .setFrameworkId(framework.id().value())
                    .setTaskInfo(launched)
                    .addAllOfferIds(
                        call.getOfferIdsList().stream().map(OfferID::getValue).toList())));
    return available.minus(needed.unallocated());
  }

  private void refuse(TaskInfo task, TaskState state, TaskStatus.Reason reason, String why) {
    TaskStatus.Builder status =
        MasterStatus.of(draft.state(), task.getTaskId().getValue(), state, reason, why);
    if (task.hasAgentId()) {
      status.setAgentId(task.getAgentId());
    }
    draft.emit(Facts.refused(framework.id(), status.build()));
  }
}
