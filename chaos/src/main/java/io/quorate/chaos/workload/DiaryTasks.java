package io.quorate.chaos.workload;

import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.Value;
import java.nio.file.Path;

/** Small tasks that keep a diary. */
final class DiaryTasks {
  static final double CPUS = 0.01;
  static final double MEM = 4;

  private DiaryTasks() {}

  /**
   * A process that writes when it begins and ends.
   *
   * @param directory of the agent's node, where the diary is
   */
  static TaskInfo process(Offer offer, String id, double seconds, Path directory) {
    // Only what the shell has built in: thousands of these run on a small machine.
    String command =
        String.join(
            "\n",
            "note() { read u r </proc/uptime; echo \"$u $1 "
                + id
                + " $$\" >>"
                + directory
                + "/diary; }",
            "note start",
            "sleep " + seconds + " &",
            "trap 'kill $! 2>/dev/null; note end; exit 143' TERM",
            "wait $!",
            "note end");
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setValue(command))
        .addResources(resource("cpus", CPUS))
        .addResources(resource("mem", MEM))
        .build();
  }

  static Resource.Builder resource(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }

  static double scalar(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }
}
