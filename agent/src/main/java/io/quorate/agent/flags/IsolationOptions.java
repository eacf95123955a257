package io.quorate.agent.flags;

import io.quorate.protocol.text.DurationConverter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags about the isolation of containers (Mesos 4.9, 9). */
public final class IsolationOptions {
  private static final Set<String> KNOWN =
      Set.of("posix/cpu", "posix/mem", "filesystem/posix", "cgroups/cpu", "cgroups/mem");

  @Option(
      names = "--isolation",
      split = ",",
      description =
          "What sees to limits: posix/cpu, posix/mem, cgroups/cpu, cgroups/mem, or cgroups for the"
              + " last two (default: posix/cpu,posix/mem).")
  private List<String> isolation = List.of("posix/cpu", "posix/mem");

  @Option(
      names = {"--enforce_container_memory", "--enforce-container-memory"},
      negatable = true,
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "With posix/mem, end a container whose processes together have more resident memory than"
              + " it was given (default: false, as in Mesos).")
  private boolean enforceMemory;

  @Option(
      names = {"--container_memory_watch_interval", "--container-memory-watch-interval"},
      converter = DurationConverter.class,
      description = "Between two looks at the memory of containers (default: 1secs).")
  private Duration watchInterval = Duration.ofSeconds(1);

  @Option(
      names = {"--cgroups_hierarchy", "--cgroups-hierarchy"},
      description = "Where cgroups are mounted (default: ${DEFAULT-VALUE}).")
  private Path hierarchy = Path.of("/sys/fs/cgroup");

  @Option(
      names = {"--cgroups_root", "--cgroups-root"},
      description = "This agent's cgroup, below each hierarchy (default: ${DEFAULT-VALUE}).")
  private String root = "mesos";

  @Option(
      names = {"--cgroups_enable_cfs", "--cgroups-enable-cfs"},
      negatable = true,
      defaultValue = "false",
      fallbackValue = "true",
      description = "Whether cpus are a quota, too, and not a weight only (default: false).")
  private boolean cfs;

  @Option(
      names = {"--cgroups_limit_swap", "--cgroups-limit-swap"},
      negatable = true,
      defaultValue = "false",
      fallbackValue = "true",
      description = "Whether swap counts as memory, with version 1 (default: false).")
  private boolean limitSwap;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns the settings that the flags say.
   *
   * @throws ParameterException if they contradict each other, or name an isolator that there is
   *     not; the message names the flag and the rule
   */
  public IsolationSettings settings() {
    Set<String> names = new TreeSet<>();
    for (String name : isolation) {
      if (name.equals("cgroups")) {
        names.add("cgroups/cpu");
        names.add("cgroups/mem");
      } else if (KNOWN.contains(name)) {
        names.add(name);
      } else {
        throw refusal("--isolation: '" + name + "' is not part of this release");
      }
    }
    boolean cgroups = names.stream().anyMatch(name -> name.startsWith("cgroups/"));
    for (String resource : List.of("cpu", "mem")) {
      if (names.contains("cgroups/" + resource) && names.contains("posix/" + resource)) {
        throw refusal(
            "--isolation: only one of posix/"
                + resource
                + " and cgroups/"
                + resource
                + " can be used");
      }
    }
    if (enforceMemory && (cgroups || !names.contains("posix/mem"))) {
      throw refusal("--enforce_container_memory goes with posix/mem, and without cgroups");
    }
    Path below = Path.of(root).normalize();
    if (below.isAbsolute() || below.startsWith("..") || below.toString().isEmpty()) {
      throw refusal("--cgroups_root must be a path below the hierarchy, not '" + root + "'");
    }
    return new IsolationSettings(
        names, enforceMemory, watchInterval, hierarchy, below.toString(), cfs, limitSwap);
  }

  private ParameterException refusal(String why) {
    return new ParameterException(spec.commandLine(), why);
  }
}
