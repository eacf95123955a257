package io.quorate.agent.isolate;

import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import java.util.List;

/**
 * The resources that a container was given, and how much more it may use (Mesos 4.10).
 *
 * @param cpus in cpus
 * @param memBytes in bytes
 * @param cpusMax in cpus; what was given if there is no limit, infinite if there is none at all
 * @param memBytesMax in bytes; likewise
 * @param limited whether a limit was set
 */
public record ContainerResources(
    double cpus, long memBytes, double cpusMax, double memBytesMax, boolean limited) {
  /** This is no resource at all. */
  public static final ContainerResources NONE = new ContainerResources(0, 0, 0, 0, false);

  private static final double MILLIS = 1000;
  private static final long MIB = 1 << 20;

  /** Adds up resources that have no limit of their own. */
  public static ContainerResources of(List<Resource> resources) {
    Resources all = Resources.of(resources);
    double cpus = all.scalarMillis("cpus") / MILLIS;
    long mem = Math.round(all.scalarMillis("mem") / MILLIS * MIB);
    return new ContainerResources(cpus, mem, cpus, mem, false);
  }

  /** Returns the resources of a task, with its limits. */
  public static ContainerResources of(TaskInfo task) {
    ContainerResources given = of(task.getResourcesList());
    double cpus =
        task.containsLimits("cpus") ? task.getLimitsOrThrow("cpus").getValue() : given.cpus();
    double mem =
        task.containsLimits("mem")
            ? task.getLimitsOrThrow("mem").getValue() * MIB
            : given.memBytes();
    return new ContainerResources(
        given.cpus(), given.memBytes(), cpus, mem, task.getLimitsCount() > 0);
  }

  /** Returns the sum; a limit of it is infinite if one of both is. */
  public ContainerResources plus(ContainerResources other) {
    return new ContainerResources(
        cpus + other.cpus,
        memBytes + other.memBytes,
        cpusMax + other.cpusMax,
        memBytesMax + other.memBytesMax,
        limited || other.limited);
  }
}
