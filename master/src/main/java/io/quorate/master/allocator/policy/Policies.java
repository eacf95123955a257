package io.quorate.master.allocator.policy;

import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.TreeMap;

/** The policies that there are. */
public final class Policies {
  private Policies() {}

  /**
   * All of them by name, also those from modules.
   *
   * @throws ServiceConfigurationError for a module that cannot be loaded
   * @throws IllegalArgumentException if two have one name
   */
  public static TreeMap<String, AllocationPolicy> all(ClassLoader loader) {
    TreeMap<String, AllocationPolicy> all = new TreeMap<>();
    for (AllocationPolicy policy : ServiceLoader.load(AllocationPolicy.class, loader)) {
      AllocationPolicy other = all.put(policy.name(), policy);
      if (other != null) {
        throw new IllegalArgumentException(
            "Two allocation policies are called '"
                + policy.name()
                + "': "
                + other.getClass().getName()
                + " and "
                + policy.getClass().getName());
      }
    }
    return all;
  }

  /** The one of this name. */
  public static Optional<AllocationPolicy> find(ClassLoader loader, String name) {
    return Optional.ofNullable(all(loader).get(name));
  }
}
