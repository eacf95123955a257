package io.quorate.master.decide.accept;

import com.google.protobuf.ByteString;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.MasterStatus;
import io.quorate.master.decide.draft.OperationEventFactory;
import io.quorate.master.decide.offer.OfferDecisions;
import io.quorate.master.decide.validation.Permissions;
import io.quorate.master.event.AcceptRemembered;
import io.quorate.master.event.Event;
import io.quorate.master.event.OperationBegun;
import io.quorate.master.state.entity.Accept;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Operation;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.Messages;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Decides ACCEPT (Mesos 3.3, 3.6): offers are consumed, and the operations run in order. */
public final class AcceptDecision {
  private final Draft draft;
  private final Framework framework;
  private final Call.Accept call;
  private final Permissions permissions;

  private AcceptDecision(Draft draft, Framework framework, Call.Accept call) {
    this.draft = draft;
    this.permissions = Permissions.of(framework.info(), draft.policy());
    this.framework = framework;
    this.call = call;
  }

  public static Decision decide(Draft draft, Framework framework, Call.Accept call) {
    return new AcceptDecision(draft, framework, call).decide();
  }

  private Decision decide() {
    ByteString digest = Messages.sha256(call);
    if (repeated(digest)) {
      return draft.accepted();
    }
    Optional<String> wrong = validateOffers();
    if (wrong.isPresent()) {
      refuseAll(wrong.get());
      return draft.accepted();
    }
    List<Offer> offers = offers();
    Resources offered = Resources.EMPTY;
    boolean used = call.getOperationsList().stream().anyMatch(AcceptDecision::asksForSomething);
    for (Offer offer : offers) {
      offered = offered.plus(offer.resources());
      draft.emit(used ? EventFactory.accepted(offer.id()) : EventFactory.declined(offer.id()));
    }
    Basket basket = new Basket(offered);
    Offer first = offers.get(0);
    LaunchDecision launches = new LaunchDecision(draft, framework, first, basket, permissions);
    for (io.quorate.protocol.v1.Offer.Operation operation : call.getOperationsList()) {
      switch (operation.getType()) {
        case LAUNCH -> launches.launch(operation);
        case LAUNCH_GROUP -> launches.launchGroup(operation);
        default -> convert(operation, first, basket);
      }
    }
    if (used) {
      OfferDecisions.refuse(draft, first, basket.declined(), call.getFilters());
      remember(digest);
    } else {
      offers.forEach(offer -> OfferDecisions.refuse(draft, offer, call.getFilters()));
    }
    return draft.accepted();
  }

  private static boolean asksForSomething(io.quorate.protocol.v1.Offer.Operation operation) {
    return switch (operation.getType()) {
      case LAUNCH -> operation.getLaunch().getTaskInfosCount() > 0;
      case LAUNCH_GROUP -> operation.getLaunchGroup().getTaskGroup().getTasksCount() > 0;
      default -> true;
    };
  }

  // -- Repeated calls ---------------------------------------------------------------------------

  /**
   * Whether this is a call that was done already, and whose answer got lost. Repeating it changes
   * nothing.
   */
  private boolean repeated(ByteString digest) {
    if (call.getOfferIdsCount() == 0) {
      return false;
    }
    List<OfferId> ids =
        call.getOfferIdsList().stream().map(offer -> new OfferId(offer.getValue())).toList();
    Optional<Accept> done = draft.state().acceptOf(ids.get(0));
    return done.isPresent()
        && done.get().key().framework().equals(framework.id())
        && done.get().offers().equals(ids)
        && done.get().digest().equals(digest);
  }

  private void remember(ByteString digest) {
    draft.emit(
        Event.newBuilder()
            .setAcceptRemembered(
                AcceptRemembered.newBuilder()
                    .setFrameworkId(framework.id().value())
                    .addAllOfferIds(call.getOfferIdsList().stream().map(OfferID::getValue).toList())
                    .setDigest(digest)));
  }

  // -- Offers -----------------------------------------------------------------------------------

  private List<TaskInfo> tasks() {
    List<TaskInfo> tasks = new ArrayList<>();
    for (io.quorate.protocol.v1.Offer.Operation operation : call.getOperationsList()) {
      tasks.addAll(operation.getLaunch().getTaskInfosList());
      tasks.addAll(operation.getLaunchGroup().getTaskGroup().getTasksList());
    }
    return tasks;
  }

  /** The checks that fail the whole call (CP-135, 136, 137). */
  private Optional<String> validateOffers() {
    if (call.getOfferIdsCount() == 0) {
      return Optional.of("No offers specified");
    }
    TreeSet<OfferId> seen = new TreeSet<>();
    TreeSet<String> agents = new TreeSet<>();
    TreeSet<String> roles = new TreeSet<>();
    for (OfferID offered : call.getOfferIdsList()) {
      OfferId id = new OfferId(offered.getValue());
      if (!seen.add(id)) {
        return Optional.of("Duplicate offer " + id + " in offer list");
      }
      Optional<Offer> offer = draft.state().offers().find(id);
      if (offer.isEmpty()) {
        return Optional.of("Offer " + id + " is no longer valid");
      }
      if (!draft.state().agents().has(offer.get().agent())) {
        return Optional.of("Offer " + id + " is of an agent that is not known");
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
    for (OfferID offered : call.getOfferIdsList()) {
      OfferId id = new OfferId(offered.getValue());
      Optional<Offer> offer = draft.state().offers().find(id);
      if (offer.isPresent() && offer.get().framework().equals(framework.id())) {
        draft.emit(EventFactory.discarded(draft, id));
      }
    }
    for (TaskInfo task : tasks()) {
      // Told that it never started, though it runs? Then the framework would start it twice.
      if (!draft.state().tasks().has(new TaskKey(framework.id(), task.getTaskId().getValue()))) {
        LaunchDecision.refuse(
            draft,
            framework,
            task,
            MasterStatus.fine(framework, TaskState.TASK_DROPPED),
            TaskStatus.Reason.REASON_INVALID_OFFERS,
            "Task launched with invalid offers: " + why);
      }
    }
    for (io.quorate.protocol.v1.Offer.Operation operation : call.getOperationsList()) {
      boolean launch = operation.hasLaunch() || operation.hasLaunchGroup();
      if (operation.hasId() && !launch) {
        draft.emit(
            OperationEventFactory.refused(
                framework.id(), operation, "Operation attempted with invalid offers: " + why));
      }
    }
  }

  private List<Offer> offers() {
    List<Offer> offers = new ArrayList<>();
    for (OfferID offer : call.getOfferIdsList()) {
      offers.add(draft.state().offers().get(new OfferId(offer.getValue())));
    }
    return offers;
  }

  // -- Operations on resources ------------------------------------------------------------------

  /** A failing operation does not stop later ones (CP-142); without an id nobody hears of it. */
  private void convert(
      io.quorate.protocol.v1.Offer.Operation operation, Offer offer, Basket basket) {
    Agent agent = draft.state().agents().get(offer.agent());
    Optional<String> wrong =
        (operation.hasId() ? validateId(operation, agent) : Optional.<String>empty())
            .or(() -> permissions.validate(operation));
    Conversion conversion =
        wrong.isPresent()
            ? new Conversion.Wrong(wrong.get())
            : new OperationRules(
                    agent, OperationRules.Requester.of(framework, offer.role()), basket.available())
                .check(operation);
    if (conversion instanceof Conversion.Wrong refused) {
      if (operation.hasId()) {
        draft.emit(OperationEventFactory.refused(framework.id(), operation, refused.why()));
      }
      return;
    }
    Conversion.Allowed allowed = (Conversion.Allowed) conversion;
    if (operation.hasDestroy()) {
      rescindOthers(offer, allowed.consumed());
    }
    if (allowed.held()) {
      basket.take(allowed.consumed());
    } else {
      basket.convert(allowed.consumed(), allowed.converted());
    }
    draft.emit(begun(draft, Optional.of(framework), offer.role(), agent, operation, allowed));
  }

  private Optional<String> validateId(
      io.quorate.protocol.v1.Offer.Operation operation, Agent agent) {
    if (!agent.has(AgentInfo.Capability.Type.AGENT_OPERATION_FEEDBACK)) {
      return Optional.of("Agent " + agent.id() + " does not support operation feedback");
    }
    for (OperationKey key : draft.state().operationsOf(framework.id())) {
      Operation known = draft.state().operations().get(key);
      if (known.info().getId().equals(operation.getId())) {
        return Optional.of("Operation ID '" + operation.getId().getValue() + "' is in use already");
      }
    }
    return Optional.empty();
  }

  /** A shared volume that goes away may be on offer to others. */
  private void rescindOthers(Offer accepted, Resources volumes) {
    for (OfferId id : draft.state().offersOn(accepted.agent())) {
      Offer other = draft.state().offers().get(id);
      if (!other.resources().unlike(volumes).equals(other.resources())) {
        draft.emit(EventFactory.rescinded(draft, id));
      }
    }
  }

  /** The operation as it is told to the agent: canonical, without allocation. */
  public static Event.Builder begun(
      Draft draft,
      Optional<Framework> framework,
      String role,
      Agent agent,
      io.quorate.protocol.v1.Offer.Operation operation,
      Conversion.Allowed allowed) {
    OperationBegun.Builder event =
        OperationBegun.newBuilder()
            .setAgentId(agent.id().value())
            .setOperation(canonical(operation))
            .addAllConsumed(allowed.consumed().toProtos())
            .addAllConverted(allowed.converted().toProtos())
            .setHeld(allowed.held())
            .setRole(role);
    framework.ifPresent(known -> event.setFrameworkId(known.id().value()));
    return Event.newBuilder().setOperationBegun(event);
  }

  private static io.quorate.protocol.v1.Offer.Operation canonical(
      io.quorate.protocol.v1.Offer.Operation operation) {
    io.quorate.protocol.v1.Offer.Operation.Builder next = operation.toBuilder();
    switch (operation.getType()) {
      case RESERVE ->
          next.getReserveBuilder()
              .clearResources()
              .addAllResources(canonical(operation.getReserve().getResourcesList()));
      case UNRESERVE ->
          next.getUnreserveBuilder()
              .clearResources()
              .addAllResources(canonical(operation.getUnreserve().getResourcesList()));
      case CREATE ->
          next.getCreateBuilder()
              .clearVolumes()
              .addAllVolumes(canonical(operation.getCreate().getVolumesList()));
      case DESTROY ->
          next.getDestroyBuilder()
              .clearVolumes()
              .addAllVolumes(canonical(operation.getDestroy().getVolumesList()));
      default -> {}
    }
    return next.build();
  }

  private static List<Resource> canonical(List<Resource> resources) {
    return Resources.of(resources).unallocated().toProtos();
  }
}
