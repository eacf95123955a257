package io.quorate.agent.isolate;

import io.quorate.agent.flags.IsolationSettings;
import java.io.IOException;

/** Chooses the isolator that the settings ask for (Mesos 4.9). */
public final class Isolators {
  private Isolators() {}

  /**
   * Makes the isolator; where it watches the memory of processes, it begins to.
   *
   * @throws IOException if cgroups are asked for and are not there
   */
  public static Isolator of(IsolationSettings settings) throws IOException {
    boolean cgroups = settings.isolators().stream().anyMatch(name -> name.startsWith("cgroups/"));
    if (cgroups) {
      return Cgroups.unified(settings.hierarchy())
          ? new CgroupsV2(settings)
          : new CgroupsV1(settings);
    }
    ProcessMemory memory = new ProcessMemory();
    if (settings.enforceMemory()) {
      memory.start(settings.watchInterval());
    }
    return new PosixIsolator(settings.enforceMemory(), memory::used);
  }
}
