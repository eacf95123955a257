package io.quorate.master.allocator;

import io.quorate.master.state.entity.Framework;
import io.quorate.protocol.resources.Quantities;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.OfferFilters;
import io.quorate.protocol.v1.OfferFilters.ResourceQuantities;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Value;
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

  /** The rule for all, for amounts by place. */
  Enough in(Scalars scalars) {
    return new Enough(least, scalars);
  }

  /** Whether the framework has a rule of its own for the role. */
  static boolean hasOwnRule(Framework framework, String role) {
    OfferFilters own = framework.info().getOfferFiltersMap().get(role);
    return own != null && own.hasMinAllocatableResources();
  }

  /** By the framework's own rule for the role, which it has: an empty list lets anything pass. */
  static boolean byOwnRule(Framework framework, String role, Resources resources) {
    OfferFilters own = framework.info().getOfferFiltersOrThrow(role);
    if (own.getMinAllocatableResources().getQuantitiesCount() == 0) {
      return !resources.isEmpty();
    }
    return own.getMinAllocatableResources().getQuantitiesList().stream()
        .anyMatch(quantities -> holds(resources, quantities));
  }

  private static boolean holds(Resources resources, ResourceQuantities least) {
    return least.getQuantitiesMap().entrySet().stream()
        .allMatch(
            quantity ->
                millis(resources, quantity.getKey())
                    >= Math.rint(quantity.getValue().getValue() * MILLIS));
  }

  /** Of ranges and sets, the members count (Mesos 3.5). */
  private static double millis(Resources resources, String name) {
    double millis = resources.scalarMillis(name);
    for (Resource resource : resources.toProtos()) {
      if (resource.getName().equals(name)) {
        millis += MILLIS * resource.getSet().getItemCount();
        for (Value.Range range : resource.getRanges().getRangeList()) {
          millis += MILLIS * (range.getEnd() - range.getBegin() + 1);
        }
      }
    }
    return millis;
  }
}
