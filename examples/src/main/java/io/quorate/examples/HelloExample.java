package io.quorate.examples;

import static io.quorate.driver.ScalarResources.amount;
import static io.quorate.driver.ScalarResources.scalar;

import io.quorate.driver.CallFactory;
import io.quorate.driver.SchedulerClient;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Ten tasks that say hello. Whatever happens to masters and agents meanwhile, each of them is
 * finished in the end: one that is lost or fails is run again, under another id.
 */
public final class HelloExample {
  private static final int TASKS = 10;
  private static final double CPUS = 0.1;
  private static final double MEM = 32;

  private final SchedulerClient client;
  private final PrintStream out;

  /** Ids of tasks that wait for an offer. */
  private final Deque<String> waiting = new ArrayDeque<>();

  /** Ids of tasks that were launched and are not over. */
  private final Set<String> launched = new HashSet<>();

  private int finished;

  private HelloExample(List<String> masters, PrintStream out) {
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setName("hello")
            .setUser(System.getProperty("user.name"))
            .setFailoverTimeout(60)
            .setCheckpoint(true)
            .build();
    this.client = new SchedulerClient(masters, info, this::event);
    this.out = out;
    for (int i = 1; i <= TASKS; i++) {
      waiting.add("hello-" + i);
    }
  }

  /** Needs the masters, as in {@code host1:5050,host2:5050}. */
  public static void main(String[] args) throws InterruptedException {
    run(List.of(args[0].split(",")), System.out);
  }

  /** Returns when all tasks are finished. */
  static void run(List<String> masters, PrintStream out) throws InterruptedException {
    new HelloExample(masters, out).client.run();
  }

  private void event(Event event) {
    event.getOffers().getOffersList().forEach(this::offered);
    if (event.hasUpdate()) {
      updated(event.getUpdate().getStatus());
    }
  }

  private void offered(Offer offer) {
    int room = (int) Math.min(amount(offer, "cpus") / CPUS, amount(offer, "mem") / MEM);
    TaskInfo[] tasks = new TaskInfo[Math.min(room, waiting.size())];
    for (int i = 0; i < tasks.length; i++) {
      String id = waiting.remove();
      launched.add(id);
      tasks[i] = task(id, offer);
    }
    if (tasks.length == 0) {
      client.send(CallFactory.decline(offer, 5));
    } else {
      client.sendUntilKnown(CallFactory.launch(offer, tasks), Duration.ofMinutes(1));
    }
  }

  private static TaskInfo task(String id, Offer offer) {
    return TaskInfo.newBuilder()
        .setName("hello")
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setValue("echo hello from $MESOS_TASK_ID; sleep 1"))
        .addResources(scalar("cpus", CPUS))
        .addResources(scalar("mem", MEM))
        .build();
  }

  private void updated(TaskStatus status) {
    client.acknowledge(status);
    String id = status.getTaskId().getValue();
    out.println(id + " " + status.getState());
    // An update may come more than once: only the first one counts.
    if (!TaskStates.terminal(status.getState()) || !launched.remove(id)) {
      return;
    }
    if (status.getState() == TaskState.TASK_FINISHED) {
      finished++;
    } else {
      waiting.add(id + "-again");
      client.send(CallFactory.revive());
    }
    if (finished == TASKS) {
      client.teardown();
    }
  }
}
