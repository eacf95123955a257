package io.quorate.master.allocator;

import io.quorate.master.state.Framework;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.OfferFilters;
import io.quorate.protocol.v1.OfferFilters.ResourceQuantities;
import java.util.List;
import java.util.Map;

/**
 * The least that is worth an offer (Mesos 3.5, CP-188 to CP-190; {@code
 * --min_allocatable_resources}).
 *
 * @param least any of these is enough; if there are none, anything is
 */
public record WorthOffering(List<Quantities> least) {
  /** 0.01 cpus or 32 MB of memory. */
  public static final WorthOffering DEFAULT =
      new WorthOffering(
          List.of(
              Quantities.ofMillis(Map.of("cpus", 10L)),
              Quantities.ofMillis(Map.of("mem", 32_000L))));

  private static final double MILLIS = 1000;

  /** By the rule for all. */
  boolean toAnybody(Resources resources) {
    if (least.isEmpty()) {
      return !resources.isEmpty();
    }
    Quantities here = Quantities.of(resources);
    return least.stream().anyMatch(here::contains);
  }

  /** Whether the framework has a rule of its own for the role. */
  static boolean hasOwnRule(Framework framework, String role) {
    OfferFilters own = framework.info().getOfferFiltersMap().get(role);
    return own != null && own.hasMinAllocatableResources();
  }

  /** By the framework's own rule for the role, if it has one: an empty list lets anything pass. */
  boolean to(Framework framework, String role, Resources resources) {
    if (!hasOwnRule(framework, role)) {
      return toAnybody(resources);
    }
    OfferFilters own = framework.info().getOfferFiltersOrThrow(role);
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
