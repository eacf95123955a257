package io.quorate.master.allocator;

import io.quorate.master.state.Framework;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.OfferFilters;
import io.quorate.protocol.v1.OfferFilters.ResourceQuantities;

/** The least that is worth an offer (Mesos 3.5, CP-188 to CP-190). */
final class WorthOffering {
  private static final long CPUS_MILLIS_MIN = 10;
  private static final long MEM_MILLIS_MIN = 32_000;
  private static final double MILLIS = 1000;

  private WorthOffering() {}

  /** By the rule for all: some cpus or some memory. */
  static boolean toAnybody(Resources resources) {
    return resources.scalarMillis("cpus") >= CPUS_MILLIS_MIN
        || resources.scalarMillis("mem") >= MEM_MILLIS_MIN;
  }

  /** By the framework's own rule for the role, if it has one: an empty list lets anything pass. */
  static boolean to(Framework framework, String role, Resources resources) {
    OfferFilters own = framework.info().getOfferFiltersMap().get(role);
    if (own == null || !own.hasMinAllocatableResources()) {
      return toAnybody(resources);
    }
    if (own.getMinAllocatableResources().getQuantitiesCount() == 0) {
      return !resources.isEmpty();
    }
    return own.getMinAllocatableResources().getQuantitiesList().stream()
        .anyMatch(each -> holds(resources, each));
  }

  private static boolean holds(Resources resources, ResourceQuantities least) {
    return least.getQuantitiesMap().entrySet().stream()
        .allMatch(
            each ->
                resources.scalarMillis(each.getKey())
                    >= Math.rint(each.getValue().getValue() * MILLIS));
  }
}
