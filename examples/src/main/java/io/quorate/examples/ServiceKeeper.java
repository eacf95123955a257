package io.quorate.examples;

import static io.quorate.driver.ScalarResources.amount;
import static io.quorate.driver.ScalarResources.scalar;

import io.quorate.driver.CallFactory;
import io.quorate.driver.SchedulerClient;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Keeps N instances of a command alive, and rolls out a new command one instance at a time. Each
 * line of the standard input is a command, the next version; {@code stop} ends the service. A
 * keeper that ends otherwise leaves its instances, and finds them again when it is started with its
 * file.
 */
public final class ServiceKeeper {
  private static final double CPUS = 0.1;
  private static final double MEM = 32;
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private final SchedulerClient client;
  private final int wanted;
  private final Path idFile;
  private final PrintStream out;

  // Below: guarded by this, since commands come on another thread than events.

  /** What is launched and not over, and whether it runs. An id ends with its version. */
  private final Map<String, Boolean> instances = new TreeMap<>();

  private String command = "";

  /** Follows from the command, so that a keeper that is started again knows its instances. */
  private String version = "";

  /** Whether it has heard which instances there are. */
  private boolean knows;

  private ServiceKeeper(List<String> masters, int wanted, Path idFile, PrintStream out)
      throws IOException {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setName("service keeper")
            .setUser(System.getProperty("user.name"))
            // For so long the service goes on without its keeper.
            .setFailoverTimeout(Duration.ofDays(7).toSeconds())
            .setCheckpoint(true)
            .addCapabilities(
                FrameworkInfo.Capability.newBuilder()
                    .setType(FrameworkInfo.Capability.Type.PARTITION_AWARE));
    if (Files.exists(idFile)) {
      info.setId(FrameworkID.newBuilder().setValue(Files.readString(idFile).strip()));
    }
    this.client = new SchedulerClient(masters, info.build(), this::event);
    this.wanted = wanted;
    this.idFile = idFile;
    this.out = out;
  }

  /** Needs the masters, how many instances, and a file for the framework's id. */
  public static void main(String[] args) throws IOException, InterruptedException {
    run(
        List.of(args[0].split(",")),
        Integer.parseInt(args[1]),
        Path.of(args[2]),
        System.in,
        System.out);
  }

  /** Returns when it is told to stop. */
  static void run(
      List<String> masters, int wanted, Path idFile, InputStream commands, PrintStream out)
      throws IOException, InterruptedException {
    ServiceKeeper keeper = new ServiceKeeper(masters, wanted, idFile, out);
    keeper.client.start();
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(commands, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.equals("stop")) {
        keeper.client.teardown();
        Files.deleteIfExists(idFile);
        return;
      }
      keeper.roll(line);
    }
    keeper.client.join();
  }

  private synchronized void roll(String next) {
    command = next;
    version = Integer.toHexString(next.hashCode());
    step();
  }

  private synchronized void event(Event event) {
    switch (event.getType()) {
      case SUBSCRIBED -> {
        remember(event.getSubscribed().getFrameworkId());
        // What ran before this keeper did, or changed while nobody listened, is told at once.
        client
            .sendUntilKnown(CallFactory.reconcile(List.of()), PATIENCE)
            .thenRunAsync(this::know, CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS));
      }
      case OFFERS -> event.getOffers().getOffersList().forEach(this::offered);
      case UPDATE -> updated(event.getUpdate().getStatus());
      default -> {}
    }
  }

  private synchronized void know() {
    knows = true;
    step();
  }

  private void remember(FrameworkID id) {
    try {
      Files.writeString(idFile, id.getValue());
    } catch (IOException e) {
      throw new UncheckedIOException("the framework's id cannot be kept", e);
    }
  }

  private void offered(Offer offer) {
    double room = Math.min(amount(offer, "cpus") / CPUS, amount(offer, "mem") / MEM);
    List<TaskInfo> tasks = new ArrayList<>();
    boolean ready = knows && !command.isEmpty();
    while (ready && instances.size() < wanted && tasks.size() + 1 <= room) {
      String id = UUID.randomUUID() + "." + version;
      instances.put(id, false);
      tasks.add(instance(id, offer));
    }
    if (tasks.isEmpty()) {
      client.send(CallFactory.decline(offer, 60));
    } else {
      client.sendUntilKnown(CallFactory.launch(offer, tasks.toArray(TaskInfo[]::new)), PATIENCE);
    }
  }

  private TaskInfo instance(String id, Offer offer) {
    return TaskInfo.newBuilder()
        .setName("instance of version " + version)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(offer.getAgentId())
        .setCommand(CommandInfo.newBuilder().setValue(command))
        .addResources(scalar("cpus", CPUS))
        .addResources(scalar("mem", MEM))
        .build();
  }

  private void updated(TaskStatus status) {
    client.acknowledge(status);
    String id = status.getTaskId().getValue();
    TaskState state = status.getState();
    boolean gone =
        TaskStates.terminal(state)
            || state == TaskState.TASK_UNREACHABLE
            || state == TaskState.TASK_UNKNOWN;
    if (gone) {
      instances.remove(id);
    } else if (instances.containsKey(id) || instances.size() < wanted) {
      instances.put(id, state == TaskState.TASK_RUNNING);
    } else {
      // Its agent was away, and another took its place.
      client.sendUntilKnown(CallFactory.kill(status.getTaskId()), PATIENCE);
    }
    out.println(id + " " + state);
    step();
  }

  /** Asks for what is missing; when all run, the next one of an old version makes room. */
  private void step() {
    if (!knows || command.isEmpty()) {
      return;
    }
    if (instances.size() < wanted) {
      client.send(CallFactory.revive());
      return;
    }
    if (instances.containsValue(false)) {
      return;
    }
    long old = instances.keySet().stream().filter(id -> !isNew(id)).count();
    out.println(wanted + " run, " + (wanted - old) + " of version " + version);
    instances.keySet().stream()
        .filter(id -> !isNew(id))
        .findFirst()
        .ifPresent(
            id -> {
              // Until it is over it counts as one that does not run.
              instances.put(id, false);
              client.sendUntilKnown(
                  CallFactory.kill(TaskID.newBuilder().setValue(id).build()), PATIENCE);
            });
  }

  private boolean isNew(String id) {
    return id.endsWith("." + version);
  }
}
