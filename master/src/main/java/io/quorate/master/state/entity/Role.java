package io.quorate.master.state.entity;

import io.quorate.protocol.resources.Limits;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.v1.quota.QuotaConfig;
import java.util.OptionalDouble;

/**
 * What operators said of a role; there is no row for one that they said nothing of.
 *
 * @param weight as set; a role without one has weight 1 (Mesos 5.2)
 * @param quota guarantees and limits; without entries if there is none
 */
public record Role(String name, OptionalDouble weight, QuotaConfig quota) {
  public static Role named(String name) {
    return new Role(name, OptionalDouble.empty(), QuotaConfig.newBuilder().setRole(name).build());
  }

  public Role weighing(double newWeight) {
    return new Role(name, OptionalDouble.of(newWeight), quota);
  }

  public Role with(QuotaConfig newQuota) {
    return new Role(name, weight, newQuota);
  }

  /** By resource name, in thousandths; what is not named has no limit. */
  public Limits limits() {
    return Limits.of(quota.getLimitsMap());
  }

  /** What is kept for it. */
  public Quantities guarantees() {
    return Quantities.ofMillis(Limits.millis(quota.getGuaranteesMap()));
  }

  /** Whether it has guarantees or limits. */
  public boolean hasQuota() {
    return quota.getGuaranteesCount() + quota.getLimitsCount() > 0;
  }

  public boolean saysNothing() {
    return weight.isEmpty() && !hasQuota();
  }
}
