package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.task;

import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.Offer.Operation;
import io.quorate.protocol.v1.TaskInfo;
import java.util.SplittableRandom;

/**
 * Random launches that get in their own way on purpose: what they ask for is drawn from so few
 * ports, members of a set and ids that two tasks, or a task and its executor, often ask for one
 * thing.
 */
final class RandomLaunches {
  private static final String[] PORTS = {
    "[31000-31000]", "[31000-31001]", "[31001-31001]", "[31002-31005]", "[31004-31009]"
  };
  private static final String[] ZONES = {"{a}", "{b}", "{a,b}", "{c}"};

  private final SplittableRandom random;
  private int names;
  private String last = "t0";

  RandomLaunches(SplittableRandom random) {
    this.random = random;
  }

  /** Makes a LAUNCH or a LAUNCH_GROUP of a framework on an agent. */
  Operation.Builder operation(int framework, int agent) {
    return random.nextInt(3) == 0 ? group(framework, agent) : launch(framework, agent);
  }

  private Operation.Builder launch(int framework, int agent) {
    Operation.Builder operation = Operation.newBuilder().setType(Operation.Type.LAUNCH);
    for (int i = random.nextInt(3); i >= 0; i--) {
      TaskInfo.Builder task = anyTask(agent);
      if (random.nextInt(3) == 0) {
        task.clearCommand().setExecutor(executor(framework, "e"));
      }
      operation.getLaunchBuilder().addTaskInfos(task);
    }
    return operation;
  }

  private Operation.Builder group(int framework, int agent) {
    Operation.Builder operation = Operation.newBuilder().setType(Operation.Type.LAUNCH_GROUP);
    ExecutorInfo.Builder executor =
        random.nextBoolean()
            ? executor(framework, "d").clearCommand().setType(ExecutorInfo.Type.DEFAULT)
            : executor(framework, "c").setType(ExecutorInfo.Type.CUSTOM);
    operation.getLaunchGroupBuilder().setExecutor(executor);
    for (int i = 1 + random.nextInt(2); i >= 0; i--) {
      operation.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(anyTask(agent));
    }
    return operation;
  }

  private TaskInfo.Builder anyTask(int agent) {
    last =
        switch (random.nextInt(12)) {
          case 0 -> "t0";
          case 1 -> last;
          default -> "t" + names++;
        };
    String resources = "cpus:0." + (1 + random.nextInt(9)) + any("ports", 2) + any("zones", 3);
    return task(last, agent, resources).setName("launch" + names++);
  }

  private String any(String name, int chances) {
    String[] values = name.equals("ports") ? PORTS : ZONES;
    return random.nextInt(chances) == 0
        ? ";" + name + ":" + values[random.nextInt(values.length)]
        : "";
  }

  /** One of two of its kind, with the same resources each time: another one would be refused. */
  private ExecutorInfo.Builder executor(int framework, String kind) {
    int number = random.nextInt(2);
    String more = number == 0 ? "" : ";ports:[31001-31001];zones:{a}";
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue(kind + number))
        .setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(framework)))
        .setCommand(CommandInfo.newBuilder().setValue("run"))
        .addAllResources(ResourceText.parse("cpus:0.1;mem:32;disk:10" + more));
  }
}
