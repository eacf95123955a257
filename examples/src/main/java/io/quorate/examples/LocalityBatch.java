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
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A batch of tasks that each read a block of data, which lies on one of the agents. An offer of an
 * agent without a waiting block is declined for as long as the batch launched a local task within
 * the last W seconds: delay scheduling. The batch runs with W of 0 s and of 5 s, and prints which
 * part of its tasks ran where their data was.
 */
public final class LocalityBatch {
  private static final int BLOCKS = 12;
  private static final int SLOTS_AN_AGENT = 2;
  private static final double CPUS = 0.1;
  private static final double MEM = 32;

  private final SchedulerClient client;
  private final long waitNanos;

  /** Numbers of blocks that are still to be read, by the agent that holds them. */
  private final Map<String, Deque<Integer>> blocks = new HashMap<>();

  /** Where each block is. */
  private final Map<Integer, String> homes = new HashMap<>();

  /** The agent of each task that was launched and is not over. */
  private final Map<String, String> running = new HashMap<>();

  private Optional<String> first = Optional.empty();
  private int placed;
  private int retries;
  private long localNanos = System.nanoTime();
  private int local;
  private int finished;

  private LocalityBatch(List<String> masters, Duration wait) {
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setName("batch that waits " + wait.toSeconds() + " s for its data")
            .setUser(System.getProperty("user.name"))
            .setFailoverTimeout(60)
            .setCheckpoint(true)
            .build();
    this.client = new SchedulerClient(masters, info, this::event);
    this.waitNanos = wait.toNanos();
  }

  /** Needs the masters, as in {@code host1:5050,host2:5050}. */
  public static void main(String[] args) throws InterruptedException {
    run(List.of(args[0].split(",")), System.out);
  }

  /** Returns when both batches are done. */
  static void run(List<String> masters, PrintStream out) throws InterruptedException {
    for (int seconds : new int[] {0, 5}) {
      LocalityBatch batch = new LocalityBatch(masters, Duration.ofSeconds(seconds));
      long began = System.nanoTime();
      batch.client.run();
      out.printf(
          "waiting %d s: %d %% of %d tasks were local, in %.1f s%n",
          seconds, 100 * batch.local / BLOCKS, BLOCKS, (System.nanoTime() - began) / 1e9);
    }
  }

  private void event(Event event) {
    event.getOffers().getOffersList().forEach(offer -> place(offer.getAgentId().getValue()));
    event.getOffers().getOffersList().forEach(this::offered);
    if (event.hasUpdate()) {
      updated(event.getUpdate().getStatus());
    }
  }

  /** As if a file system had put them there: three of four blocks are on one agent. */
  private void place(String agent) {
    if (first.isEmpty()) {
      first = Optional.of(agent);
    }
    boolean most = first.get().equals(agent);
    int share = most ? BLOCKS * 3 / 4 : BLOCKS - BLOCKS * 3 / 4;
    if (!blocks.containsKey(agent) && placed + share <= BLOCKS) {
      Deque<Integer> here = new ArrayDeque<>();
      for (int i = 0; i < share; i++) {
        homes.put(placed, agent);
        here.add(placed++);
      }
      blocks.put(agent, here);
    }
  }

  private void offered(Offer offer) {
    String agent = offer.getAgentId().getValue();
    double fit = Math.min(amount(offer, "cpus") / CPUS, amount(offer, "mem") / MEM);
    long busy = running.values().stream().filter(agent::equals).count();
    List<TaskInfo> tasks = new ArrayList<>();
    for (long slot = busy; slot < SLOTS_AN_AGENT && tasks.size() + 1 <= fit; slot++) {
      next(agent).ifPresent(block -> tasks.add(task(block, offer)));
    }
    if (tasks.isEmpty()) {
      client.send(CallFactory.decline(offer, 0.2));
    } else {
      client.sendUntilKnown(
          CallFactory.launch(offer, tasks.toArray(TaskInfo[]::new)), Duration.ofMinutes(1));
    }
  }

  /** A block of this agent; one of another only if no local task was launched for too long. */
  private Optional<Integer> next(String agent) {
    Deque<Integer> here = blocks.getOrDefault(agent, new ArrayDeque<>());
    if (!here.isEmpty()) {
      localNanos = System.nanoTime();
      return Optional.of(here.remove());
    }
    if (System.nanoTime() - localNanos < waitNanos) {
      return Optional.empty();
    }
    return blocks.values().stream()
        .filter(there -> !there.isEmpty())
        .findFirst()
        .map(Deque::remove);
  }

  private TaskInfo task(int block, Offer offer) {
    String id = "block-" + block + "-" + retries;
    running.put(id, offer.getAgentId().getValue());
    return TaskInfo.newBuilder()
        .setName("block " + block)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setValue("sleep 0.3"))
        .addResources(scalar("cpus", CPUS))
        .addResources(scalar("mem", MEM))
        .build();
  }

  private void updated(TaskStatus status) {
    client.acknowledge(status);
    String id = status.getTaskId().getValue();
    if (!TaskStates.terminal(status.getState()) || !running.containsKey(id)) {
      return;
    }
    String agent = running.remove(id);
    int block = Integer.parseInt(id.split("-")[1]);
    if (status.getState() == TaskState.TASK_FINISHED) {
      finished++;
      local += agent.equals(homes.get(block)) ? 1 : 0;
    } else {
      retries++;
      blocks.get(homes.get(block)).add(block);
    }
    if (finished == BLOCKS) {
      client.teardown();
    }
  }
}
