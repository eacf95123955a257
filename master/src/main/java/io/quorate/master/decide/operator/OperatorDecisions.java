package io.quorate.master.decide.operator;

import io.quorate.master.decide.accept.AcceptDecision;
import io.quorate.master.decide.accept.Conversion;
import io.quorate.master.decide.accept.OperationRules;
import io.quorate.master.decide.draft.AgentEnds;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.decide.offer.OfferDecisions;
import io.quorate.master.decide.validation.Permissions;
import io.quorate.master.event.AgentDeactivated;
import io.quorate.master.event.AgentDrainStarted;
import io.quorate.master.event.AgentReactivated;
import io.quorate.master.event.Event;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.DurationInfo;
import io.quorate.protocol.v1.Filters;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.master.Call;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides the calls of the operator API that ask for a change (Mesos 6.1). */
public final class OperatorDecisions {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private OperatorDecisions() {}

  public static Decision decide(Draft draft, String principal, Call call) {
    MasterState state = draft.state();
    Optional<String> forbidden =
        new OperatorPermissions(draft.policy().acls(), principal).validate(state, call);
    if (forbidden.isPresent()) {
      return refused(Refusal.forbidden(forbidden.get()));
    }
    Optional<String> missing = missing(call);
    if (missing.isPresent()) {
      return refused(Refusal.badRequest("Expecting '" + missing.get() + "' to be present"));
    }
    Permissions permissions = new Permissions(draft.policy().acls(), principal);
    return switch (call.getType()) {
      case TEARDOWN ->
          teardown(draft, new FrameworkId(call.getTeardown().getFrameworkId().getValue()));
      case MARK_AGENT_GONE -> markGone(draft, id(call.getMarkAgentGone().getAgentId().getValue()));
      case DRAIN_AGENT -> drain(draft, call.getDrainAgent());
      case DEACTIVATE_AGENT ->
          deactivate(draft, id(call.getDeactivateAgent().getAgentId().getValue()));
      case REACTIVATE_AGENT ->
          reactivate(draft, id(call.getReactivateAgent().getAgentId().getValue()));
      case UPDATE_MAINTENANCE_SCHEDULE ->
          MaintenanceDecisions.schedule(draft, call.getUpdateMaintenanceSchedule().getSchedule());
      case START_MAINTENANCE ->
          MaintenanceDecisions.start(draft, call.getStartMaintenance().getMachinesList());
      case STOP_MAINTENANCE ->
          MaintenanceDecisions.stop(draft, call.getStopMaintenance().getMachinesList());
      case RESERVE_RESOURCES ->
          operate(draft, permissions, OperatorOperation.of(call.getReserveResources()));
      case UNRESERVE_RESOURCES ->
          operate(draft, permissions, OperatorOperation.of(call.getUnreserveResources()));
      case CREATE_VOLUMES ->
          operate(draft, permissions, OperatorOperation.of(call.getCreateVolumes()));
      case DESTROY_VOLUMES ->
          operate(draft, permissions, OperatorOperation.of(call.getDestroyVolumes()));
      case GROW_VOLUME -> operate(draft, permissions, OperatorOperation.of(call.getGrowVolume()));
      case SHRINK_VOLUME ->
          operate(draft, permissions, OperatorOperation.of(call.getShrinkVolume()));
      case UPDATE_WEIGHTS -> WeightDecisions.update(draft, call.getUpdateWeights());
      case UPDATE_QUOTA -> QuotaDecisions.update(draft, call.getUpdateQuota());
      case SET_QUOTA -> QuotaDecisions.set(draft, call.getSetQuota().getQuotaRequest());
      case REMOVE_QUOTA -> QuotaDecisions.remove(draft, call.getRemoveQuota().getRole());
      default ->
          refused(
              new Refusal(
                  501, "Calls of type " + call.getType() + " are not part of this release"));
    };
  }

  /** The field that a call of this type is about, if the call lacks it. It is named as the type. */
  private static Optional<String> missing(Call call) {
    return Optional.ofNullable(
            Call.getDescriptor().findFieldByName(call.getType().name().toLowerCase(Locale.ROOT)))
        .filter(field -> !call.hasField(field))
        .map(field -> field.getName());
  }

  private static AgentId id(String value) {
    return new AgentId(value);
  }

  private static Decision refused(Refusal why) {
    return new Decision.Refused(why);
  }

  private static Decision unknown(AgentId id) {
    return refused(Refusal.badRequest("No agent found with specified ID: " + id));
  }

  /** Tears a framework down, and refuses to if nobody knows it (CP-395). */
  private static Decision teardown(Draft draft, FrameworkId id) {
    MasterState state = draft.state();
    if (!state.frameworks().has(id)) {
      return refused(Refusal.badRequest("No framework found with specified ID: " + id));
    }
    draft.remove(id);
    return draft.accepted();
  }

  // -- Agents -----------------------------------------------------------------------------------

  /** Said again of a gone agent, it is true already (CP-396). */
  private static Decision markGone(Draft draft, AgentId id) {
    MasterState state = draft.state();
    if (state.goneAgents().has(id)) {
      return draft.accepted();
    }
    if (!state.agents().has(id)) {
      return refused(new Refusal(404, "No agent found with specified ID: " + id));
    }
    AgentEnds.gone(draft, id);
    return draft.accepted();
  }

  private static Decision drain(Draft draft, Call.DrainAgent call) {
    MasterState state = draft.state();
    AgentId id = new AgentId(call.getAgentId().getValue());
    Agent agent = state.agents().find(id).orElse(null);
    if (agent == null) {
      return unknown(id);
    }
    if (state.maintenance().machineOf(agent).isPresent()) {
      return refused(
          Refusal.badRequest(
              "Agent " + id + " is part of a maintenance schedule: it cannot be drained"));
    }
    if (!agent.has(AgentInfo.Capability.Type.AGENT_DRAINING)) {
      return refused(Refusal.badRequest("Agent " + id + " does not support draining"));
    }
    DrainConfig.Builder config = DrainConfig.newBuilder().setMarkGone(call.getMarkGone());
    if (call.hasMaxGracePeriod()) {
      long nanos =
          call.getMaxGracePeriod().getSeconds() * NANOS_PER_SECOND
              + call.getMaxGracePeriod().getNanos();
      if (nanos < 0) {
        return refused(Refusal.badRequest("'drain_agent.max_grace_period' is negative"));
      }
      config.setMaxGracePeriod(DurationInfo.newBuilder().setNanoseconds(nanos));
    }
    rescindOffers(draft, id);
    draft.emit(
        Event.newBuilder()
            .setAgentDrainStarted(
                AgentDrainStarted.newBuilder().setAgentId(id.value()).setConfig(config)));
    return draft.accepted();
  }

  private static void rescindOffers(Draft draft, AgentId id) {
    for (OfferId offer : draft.state().offersOn(id)) {
      draft.emit(EventFactory.rescinded(draft, offer));
    }
  }

  /** Outstanding offers go; tasks go on (CP-285). */
  private static Decision deactivate(Draft draft, AgentId id) {
    MasterState state = draft.state();
    if (!state.agents().has(id)) {
      return unknown(id);
    }
    if (!state.agents().get(id).service().deactivated()) {
      rescindOffers(draft, id);
      draft.emit(
          Event.newBuilder()
              .setAgentDeactivated(AgentDeactivated.newBuilder().setAgentId(id.value())));
    }
    return draft.accepted();
  }

  /** Reactivates an agent (CP-290), but none that still drains (CP-291). */
  private static Decision reactivate(Draft draft, AgentId id) {
    MasterState state = draft.state();
    Agent agent = state.agents().find(id).orElse(null);
    if (agent == null) {
      return unknown(id);
    }
    if (agent.service().draining()) {
      return refused(Refusal.badRequest("Agent " + id + " is still draining"));
    }
    if (!agent.service().deactivated()) {
      return refused(Refusal.badRequest("Agent " + id + " is not deactivated"));
    }
    draft.emit(
        Event.newBuilder()
            .setAgentReactivated(AgentReactivated.newBuilder().setAgentId(id.value())));
    return draft.accepted();
  }

  // -- Resources --------------------------------------------------------------------------------

  /**
   * Offers of the agent are rescinded one by one until enough is free; if all of them are not
   * enough, none is (CP-391).
   */
  private static Decision operate(Draft draft, Permissions permissions, OperatorOperation asked) {
    MasterState state = draft.state();
    AgentId id = asked.agent();
    if (!state.agents().has(id)) {
      return unknown(id);
    }
    Operation operation = asked.operation();
    OperationRules.Requester operator = OperationRules.Requester.operator(permissions.principal());
    // First against all that the agent has: what does not hold then never will.
    Agent agent = state.agents().get(id);
    Conversion conversion = new OperationRules(agent, operator, agent.total()).check(operation);
    if (conversion instanceof Conversion.Wrong wrong) {
      return refused(Refusal.badRequest(wrong.why()));
    }
    Optional<String> forbidden = permissions.validate(operation);
    if (forbidden.isPresent()) {
      return refused(Refusal.forbidden(forbidden.get()));
    }
    Conversion.Allowed allowed = (Conversion.Allowed) conversion;
    for (OfferId rescinded : state.offersOn(id)) {
      if (enough(draft, id, operation, allowed)) {
        break;
      }
      Offer offer = state.offers().get(rescinded);
      draft.emit(EventFactory.rescinded(draft, rescinded));
      OfferDecisions.refuse(draft, offer, offer.resources(), Filters.getDefaultInstance());
    }
    if (!enough(draft, id, operation, allowed)) {
      return refused(
          Refusal.conflict(
              "The resources are in use: "
                  + allowed.consumed()
                  + " is not contained in "
                  + agent.free()));
    }
    draft.emit(
        AcceptDecision.begun(
            draft, Optional.empty(), "", draft.state().agents().get(id), operation, allowed));
    return draft.accepted();
  }

  private static boolean enough(
      Draft draft, AgentId id, Operation operation, Conversion.Allowed allowed) {
    Agent agent = draft.state().agents().get(id);
    boolean offered =
        operation.hasDestroy() && holds(agent.offered(), operation.getDestroy().getVolumesList());
    return !offered && agent.free().contains(allowed.consumed());
  }

  /** A shared volume is always free, but may be on offer. */
  private static boolean holds(Resources offered, List<Resource> volumes) {
    Resources gone = Resources.of(volumes);
    return !offered.unlike(gone).equals(offered);
  }
}
