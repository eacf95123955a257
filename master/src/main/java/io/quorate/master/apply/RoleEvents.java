package io.quorate.master.apply;

import io.quorate.master.event.Event;
import io.quorate.master.event.QuotasUpdated;
import io.quorate.master.event.WeightsUpdated;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.v1.WeightInfo;
import io.quorate.protocol.v1.quota.QuotaConfig;

/** Applies what operators say of roles. */
final class RoleEvents {
  private RoleEvents() {}

  /** Applies an event of this family: one that {@link Apply} gives to it. */
  static MasterState apply(MasterState state, Event event) {
    return switch (event.getWhatCase()) {
      case WEIGHTS_UPDATED -> apply(state, event.getWeightsUpdated());
      case QUOTAS_UPDATED -> apply(state, event.getQuotasUpdated());
      default -> throw new IllegalStateException("no event of roles: " + event.getWhatCase());
    };
  }

  static MasterState apply(MasterState state, WeightsUpdated event) {
    MasterState next = state;
    for (WeightInfo weight : event.getWeightsList()) {
      next = next.weighing(weight.getRole(), weight.getWeight());
    }
    return next;
  }

  static MasterState apply(MasterState state, QuotasUpdated event) {
    MasterState next = state;
    for (QuotaConfig quota : event.getQuotasList()) {
      next = next.with(quota);
    }
    return next;
  }
}
