package io.quorate.master.decide.operator;

import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Draft;
import io.quorate.master.decide.draft.EventFactory;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.event.Event;
import io.quorate.master.event.WeightsUpdated;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Offer;
import io.quorate.protocol.Roles;
import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.v1.WeightInfo;
import io.quorate.protocol.v1.master.Call;
import java.util.Optional;

/** Decides UPDATE_WEIGHTS (Mesos 5.2, 6.1). */
public final class WeightDecisions {
  private WeightDecisions() {}

  /**
   * The weights of the named roles; others keep theirs (CP-393). If a named role has frameworks,
   * all offers go back, to be made by the new weights.
   */
  public static Decision update(Draft draft, Call.UpdateWeights call) {
    MasterState state = draft.state();
    Optional<Refusal> wrong = validate(call);
    if (wrong.isPresent()) {
      return new Decision.Refused(wrong.get());
    }
    if (call.getWeightInfosCount() > 0) {
      draft.emit(
          Event.newBuilder()
              .setWeightsUpdated(
                  WeightsUpdated.newBuilder().addAllWeights(call.getWeightInfosList())));
    }
    if (concernsFrameworks(state, call)) {
      for (Offer offer : state.offers().values()) {
        draft.emit(EventFactory.rescinded(draft, offer.id()));
      }
    }
    return draft.accepted();
  }

  private static Optional<Refusal> validate(Call.UpdateWeights call) {
    for (WeightInfo weight : call.getWeightInfosList()) {
      String role = weight.getRole();
      Optional<String> name = Roles.validate(role);
      if (name.isPresent()) {
        return refusal(role, "Invalid role '" + role + "': " + name.get());
      }
      if (!FixedPoint.isPositive(weight.getWeight())) {
        return refusal(
            role,
            "Invalid weight '"
                + FixedPoint.text(weight.getWeight())
                + "': Weights must be positive"
                + (FixedPoint.nanos(weight.getWeight()) == Long.MAX_VALUE ? " and finite" : ""));
      }
    }
    return Optional.empty();
  }

  private static Optional<Refusal> refusal(String role, String why) {
    return Optional.of(
        Refusal.badRequest(
            "Failed to validate update weights request JSON for role '" + role + "': " + why));
  }

  private static boolean concernsFrameworks(MasterState state, Call.UpdateWeights call) {
    for (Framework framework : state.frameworks().values()) {
      for (String role : framework.roles()) {
        for (WeightInfo weight : call.getWeightInfosList()) {
          if (Roles.covers(weight.getRole(), role)) {
            return true;
          }
        }
      }
    }
    return false;
  }
}
