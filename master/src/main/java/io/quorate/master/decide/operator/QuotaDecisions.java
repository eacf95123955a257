package io.quorate.master.decide.operator;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.event.Event;
import io.quorate.master.event.QuotasUpdated;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Offer;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.Limits;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.quota.QuotaConfig;
import io.quorate.protocol.v1.quota.QuotaRequest;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Decides UPDATE_QUOTA and the older SET_QUOTA and REMOVE_QUOTA (Mesos 5.4). */
public final class QuotaDecisions {
  private QuotaDecisions() {}

  /** Updates all of the roles, or none (CP-373). */
  public static Decision update(Draft draft, Call.UpdateQuota call) {
    MasterState state = draft.state();
    Optional<Refusal> wrong =
        QuotaValidation.validate(
            state,
            call.getQuotaConfigsList(),
            call.getForce(),
            draft.policy(),
            Refusal::badRequest);
    return wrong.isPresent()
        ? new Decision.Refused(wrong.get())
        : updated(draft, call.getQuotaConfigsList());
  }

  /** The guarantee is the limit too. */
  public static Decision set(Draft draft, QuotaRequest request) {
    MasterState state = draft.state();
    String role = request.getRole();
    if (state.roles().find(role).filter(Role::hasQuota).isPresent()) {
      return new Decision.Refused(
          Refusal.badRequest(
              "Failed to validate set quota request: Can not set quota for role '"
                  + role
                  + "' that already has quota"));
    }
    QuotaConfig.Builder config = QuotaConfig.newBuilder().setRole(role);
    for (Resource guarantee : request.getGuaranteeList()) {
      boolean scalar = guarantee.getType() == Value.Type.SCALAR && guarantee.hasScalar();
      if (!scalar || config.containsGuarantees(guarantee.getName())) {
        return new Decision.Refused(
            Refusal.badRequest(
                "Failed to validate set quota request: 'quota_request.guarantee' must name each"
                    + " scalar once, but has '"
                    + guarantee.getName()
                    + "' otherwise"));
      }
      config.putGuarantees(guarantee.getName(), guarantee.getScalar());
      config.putLimits(guarantee.getName(), guarantee.getScalar());
    }
    List<QuotaConfig> configs = List.of(config.build());
    Optional<Refusal> wrong =
        QuotaValidation.validate(
            state, configs, request.getForce(), draft.policy(), Refusal::conflict);
    return wrong.isPresent() ? new Decision.Refused(wrong.get()) : updated(draft, configs);
  }

  public static Decision remove(Draft draft, String role) {
    MasterState state = draft.state();
    if (state.roles().find(role).filter(Role::hasQuota).isEmpty()) {
      return new Decision.Refused(Refusal.badRequest("Role '" + role + "' has no quota set"));
    }
    return updated(draft, List.of(QuotaConfig.newBuilder().setRole(role).build()));
  }

  private static Decision updated(Draft draft, List<QuotaConfig> configs) {
    if (!configs.isEmpty()) {
      draft.emit(
          Event.newBuilder().setQuotasUpdated(QuotasUpdated.newBuilder().addAllQuotas(configs)));
    }
    for (QuotaConfig config : configs) {
      keepWithin(draft, config);
    }
    makeRoom(draft, configs);
    return draft.accepted();
  }

  /** Offers go back until what the role holds and is offered is within its limits. */
  private static void keepWithin(Draft draft, QuotaConfig config) {
    Limits limits = Limits.of(config.getLimitsMap());
    for (Offer offer : draft.state().offers().values()) {
      if (Roles.topLevel(offer.role()).equals(config.getRole())) {
        if (limits.covers(draft.state().consumed(config.getRole()))) {
          return;
        }
        draft.emit(EventFactory.rescinded(draft, offer.id()));
      }
    }
  }

  /**
   * Offers to others go back until what is free would satisfy the guarantees: agent by agent, so
   * that it comes in few pieces.
   */
  private static void makeRoom(Draft draft, List<QuotaConfig> configs) {
    MasterState state = draft.state();
    Quantities missing = Quantities.NONE;
    TreeSet<String> named = new TreeSet<>();
    for (QuotaConfig config : configs) {
      named.add(config.getRole());
      missing =
          missing.plus(
              Quantities.ofMillis(Limits.millis(config.getGuaranteesMap()))
                  .beyond(state.consumed(config.getRole())));
    }
    for (Agent agent : state.agents().values()) {
      if (!missing.isEmpty() && agent.offerable()) {
        missing = missing.beyond(MasterState.charge(agent.free()));
      }
    }
    for (Agent agent : state.agents().values()) {
      for (OfferId id : state.offersOn(agent.id())) {
        if (missing.isEmpty()) {
          return;
        }
        Offer offer = state.offers().get(id);
        Quantities left = missing.beyond(MasterState.charge(offer.resources()));
        if (!left.equals(missing) && !named.contains(Roles.topLevel(offer.role()))) {
          draft.emit(EventFactory.rescinded(draft, id));
          missing = left;
        }
      }
    }
  }
}
