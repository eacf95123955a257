package io.quorate.cli;

import io.quorate.cluster.Leftovers;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code quorate demo}: a cluster of its own, a framework, and a leader that is killed in the
 * middle. Ctrl-C at any time stops all of it and leaves nothing behind.
 */
@Command(
    name = "demo",
    description =
        "Starts three masters and two agents, runs 40 tasks, kills the leader in the middle, and"
            + " shows that nothing was lost.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int TASKS = 40;
  private static final int RUNNING_AT_KILL_MIN = 8;

  /** Generous, for a machine that builds something at the same time. */
  private static final Duration STEP_MAX = Duration.ofMinutes(3);

  /** Ctrl-C reaches the masters as soon as it reaches this process, and they may end first. */
  private static final long STOP_MILLIS_MAX = 1_000;

  private static final int INTERRUPTED = 130;

  @Option(names = "--keep", description = "Keep the folder also when all went well.")
  private boolean keep;

  private final long startNanos = System.nanoTime();
  private final CountDownLatch stopping = new CountDownLatch(1);

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("quorate-demo");
    say("starting 3 masters and 2 agents in " + directory);
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory, 3, 2, 0, "cpus:4;mem:4096;disk:1000;ports:[31000-32000]", false));
    Thread stop = new Thread(() -> interrupted(cluster, directory), "demo-stop");
    Runtime.getRuntime().addShutdownHook(stop);
    List<String> wrong;
    try {
      wrong = show(cluster, directory);
    } catch (IOException | RuntimeException e) {
      if (interrupted()) {
        return INTERRUPTED;
      }
      throw e;
    }
    if (!wrong.isEmpty() && interrupted()) {
      return INTERRUPTED;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(stop);
    } catch (IllegalStateException e) {
      // Ctrl-C came at the very end: the hook runs and cleans up.
      return INTERRUPTED;
    }
    cluster.close();
    if (!wrong.isEmpty()) {
      wrong.forEach(fault -> say("WRONG: " + fault));
      say("the folder stays for a look: " + directory);
      return 1;
    }
    say("each task ran once and ended once, reconciliation agrees: nothing was lost");
    if (!keep) {
      Leftovers.delete(directory);
    }
    return 0;
  }

  /** Runs the whole demo; what it returns went wrong, and is empty if nothing did. */
  private List<String> show(LocalCluster cluster, Path directory) throws IOException {
    cluster.awaitServing(STEP_MAX);
    say("master " + cluster.awaitLeader(STEP_MAX) + " leads, both agents are registered");
    DemoFramework framework = new DemoFramework(cluster.masters(), TASKS, directory);
    framework.start();
    boolean running =
        LocalCluster.await(STEP_MAX, () -> framework.running() >= RUNNING_AT_KILL_MIN);
    say(framework.launched() + " tasks launched, " + framework.running() + " running");
    if (!running) {
      return List.of("after " + STEP_MAX + " fewer than 8 tasks were running");
    }
    framework.killOnNextAccept(
        leader -> {
          int number = cluster.masters().indexOf(leader);
          say("an ACCEPT is in flight: kill -9 of the leader, master " + number);
          cluster.killMaster(number);
        });
    if (!LocalCluster.await(STEP_MAX, () -> framework.offeredAfterKillMillis() > 0)) {
      return List.of("no offer came within " + STEP_MAX + " of the leader's end");
    }
    say(
        String.format(
            Locale.ROOT,
            "master %d leads: subscribed again after %d ms, next offer after %d ms",
            cluster.awaitLeader(STEP_MAX),
            framework.subscribedAfterKillMillis(),
            framework.offeredAfterKillMillis()));
    boolean done = LocalCluster.await(STEP_MAX, framework::allOver);
    say(framework.over() + " of " + TASKS + " tasks are over");
    boolean agreed = done && framework.reconcile(STEP_MAX);
    List<String> wrong = framework.verdict(agreed);
    if (wrong.isEmpty()) {
      framework.close();
    }
    return wrong;
  }

  /** Whether Ctrl-C ended this demo: what looks wrong then is only that its processes end. */
  private boolean interrupted() {
    try {
      return stopping.await(STOP_MILLIS_MAX, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  /** Runs in the shutdown hook, while the demo itself may still be under way. */
  private void interrupted(LocalCluster cluster, Path directory) {
    stopping.countDown();
    cluster.close();
    try {
      if (!keep) {
        Leftovers.delete(directory);
      }
      System.err.println("quorate: the demo was stopped");
    } catch (IOException e) {
      System.err.println("quorate: the demo was stopped; its folder stays: " + directory);
    }
  }

  private void say(String what) {
    if (stopping.getCount() > 0) {
      System.out.printf(
          Locale.ROOT, "[%6.2f s] %s%n", (System.nanoTime() - startNanos) / 1e9, what);
    }
  }
}
