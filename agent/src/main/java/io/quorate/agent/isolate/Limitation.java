package io.quorate.agent.isolate;

import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskResourceLimitation;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;

/** A container that used more than it may, and is ended for it (CP-264). */
public record Limitation(
    TaskStatus.Reason reason, String message, TaskResourceLimitation resources) {
  private static final long MIB = 1 << 20;

  /**
   * Of memory.
   *
   * @param used at most, in bytes
   */
  public static Limitation memory(ContainerResources amounts, long used) {
    double allowed = Cgroups.hardBytes(amounts);
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
