package io.quorate.agent.flags;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

/**
 * The settings of the isolation of containers (Mesos 4.9).
 *
 * @param isolators by Mesos's names, of those that {@code --isolation} takes
 * @param enforceMemory whether posix/mem ends what uses more than it may
 * @param watchInterval between two looks at the memory of containers
 * @param hierarchy where cgroups are mounted
 * @param root of this agent's cgroups, below the hierarchy
 * @param cfs whether cpus are a quota, besides a weight
 * @param limitSwap whether swap counts as memory (v1)
 */
public record IsolationSettings(
    Set<String> isolators,
    boolean enforceMemory,
    Duration watchInterval,
    Path hierarchy,
    String root,
    boolean cfs,
    boolean limitSwap) {}
