package io.quorate.master.allocator;

import io.quorate.master.allocator.policy.AllocationPolicy;
import io.quorate.master.allocator.policy.DominantResourceFairness;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * The settings of the allocator. They decide what is proposed, never what a committed event means.
 *
 * @param roles orders the roles below one role ({@code --role_sorter})
 * @param frameworks orders the frameworks in one role ({@code --framework_sorter})
 * @param worth the least that is offered ({@code --min_allocatable_resources})
 * @param excluded scalars that do not count in shares ({@code
 *     --fair_sharing_excluded_resource_names})
 * @param whitelist the only hostnames whose agents are offered, asked for each round; empty for all
 *     ({@code --whitelist}, CP-359)
 */
public record AllocatorSettings(
    AllocationPolicy roles,
    AllocationPolicy frameworks,
    WorthOffering worth,
    Set<String> excluded,
    Supplier<Optional<Set<String>>> whitelist) {

  /** Whether its policies are those of this release. */
  public boolean builtIn() {
    return builtIn(roles) && builtIn(frameworks);
  }

  private static boolean builtIn(AllocationPolicy policy) {
    return policy.getClass().getPackage().equals(AllocationPolicy.class.getPackage());
  }

  /** Returns the same settings with dominant resource fairness. */
  public AllocatorSettings withoutModules() {
    return new AllocatorSettings(
        new DominantResourceFairness(), new DominantResourceFairness(), worth, excluded, whitelist);
  }

  /** These are the settings that Mesos has by default. */
  public static final AllocatorSettings DEFAULT =
      new AllocatorSettings(
          new DominantResourceFairness(),
          new DominantResourceFairness(),
          WorthOffering.DEFAULT,
          Set.of(),
          Optional::empty);
}
