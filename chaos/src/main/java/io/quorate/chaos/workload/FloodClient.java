package io.quorate.chaos.workload;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** A framework with an executor of its own, for many launches a second: its tasks are short. */
@Command(name = "flood")
public final class FloodClient extends LaunchClient {
  private static final double EXECUTOR_CPUS = 0.1;
  private static final double EXECUTOR_MEM = 64;

  public static void main(String[] args) {
    System.exit(new CommandLine(new FloodClient()).execute(args));
  }

  @Override
  double killsPerSecond() {
    return 1;
  }

  @Override
  double seconds() {
    return random.nextInt(1, 15) / 10.0;
  }

  @Override
  int room(double cpus, double mem) {
    return super.room(cpus - EXECUTOR_CPUS, mem - EXECUTOR_MEM);
  }

  @Override
  TaskInfo task(Offer offer, String id, Path directory) {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            TaskExecutor.class.getName(),
            directory.resolve("diary").toString());
    ExecutorInfo.Builder executor =
        ExecutorInfo.newBuilder()
            .setType(ExecutorInfo.Type.CUSTOM)
            .setCommand(
                CommandInfo.newBuilder()
                    .setShell(false)
                    .setValue(words.get(0))
                    .addAllArguments(words))
            .addResources(DiaryTasks.resource("cpus", EXECUTOR_CPUS))
            .addResources(DiaryTasks.resource("mem", EXECUTOR_MEM));
    executor.getExecutorIdBuilder().setValue(name);
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setExecutor(executor)
        .setData(ByteString.copyFromUtf8(Double.toString(seconds())))
        .addResources(DiaryTasks.resource("cpus", DiaryTasks.CPUS))
        .addResources(DiaryTasks.resource("mem", DiaryTasks.MEM))
        .build();
  }
}
