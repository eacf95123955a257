package io.quorate.agent.isolate;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskResourceLimitation;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;

/**
 * Why a container that used more than it may is ended (CP-264).
 *
 * @param reason the reason of its tasks' last update
 * @param message the message of that update
 * @param resources what was used of what is limited
 */
public record Limitation(
    TaskStatus.Reason reason, String message, TaskResourceLimitation resources) {
  private static final long MIB = 1 << 20;

  /**
   * Describes a container that used too much memory, in the words of Mesos.
   *
   * @param resources what the container was given
   * @param used the most that it used, in bytes
   */
  public static Limitation memory(ContainerResources resources, long used) {
    double allowed = Cgroups.hardBytes(resources);
    Resource.Builder mem =
        Resource.newBuilder()
            .setName("mem")
            .setType(Value.Type.SCALAR)
            .setScalar(Value.Scalar.newBuilder().setValue((double) used / MIB));
    return new Limitation(
        TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY,
        "Memory limit exceeded: Requested: "
            + Math.round(allowed / MIB)
            + "MB Maximum Used: "
            + used / MIB
            + "MB",
        TaskResourceLimitation.newBuilder().addResources(mem).build());
  }
}
