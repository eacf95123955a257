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
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate demo}. */
@Command(
    name = "demo",
    description =
        "Starts three masters and two agents, runs 40 tasks, kills the leader in the middle, and"
            + " shows that nothing was lost.",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final int TASKS = 40;
  private static final Duration START_MAX = Duration.ofSeconds(60);
  private static final Duration RUN_MAX = Duration.ofSeconds(60);

  @Option(names = "--keep", description = "Keep the folder also when all went well.")
  private boolean keep;

  private final long startNanos = System.nanoTime();

  @Override
  public Integer call() throws IOException {
    Path directory = Files.createTempDirectory("quorate-demo");
    say("starting 3 masters and 2 agents in " + directory);
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory, 3, 2, 0, "cpus:4;mem:4096;disk:1000;ports:[31000-32000]", false));
    Thread stop = new Thread(cluster::close);
    Runtime.getRuntime().addShutdownHook(stop);
    cluster.awaitServing(START_MAX);
    int leader = cluster.leader().orElseThrow();
    say("master " + leader + " leads, both agents are registered");

    DemoFramework framework = new DemoFramework(cluster.masters(), TASKS, directory);
    framework.start();
    boolean running = LocalCluster.await(RUN_MAX, () -> framework.running() >= 8);
    say(framework.launched() + " tasks launched, " + framework.running() + " running");
    if (!running) {
      return lost(directory, List.of("no 8 tasks were running after " + RUN_MAX));
    }

    framework.killOnNextAccept(
        () -> {
          say("an ACCEPT is in flight: kill -9 of the leader, master " + leader);
          cluster.killMaster(leader);
        });
    LocalCluster.await(RUN_MAX, () -> framework.offeredAfterKillMillis() > 0);
    int next = cluster.leader().orElse(-1);
    say(
        String.format(
            Locale.ROOT,
            "master %d leads: subscribed again after %d ms, next offer after %d ms",
            next,
            framework.subscribedAfterKillMillis(),
            framework.offeredAfterKillMillis()));

    boolean done = LocalCluster.await(RUN_MAX, framework::allOver);
    say(framework.over() + " of " + TASKS + " tasks are over");
    boolean agreed = done && framework.reconcile(Duration.ofSeconds(15));
    List<String> wrong = framework.verdict(agreed);
    if (!wrong.isEmpty()) {
      return lost(directory, wrong);
    }
    say("each task ran once and ended once, reconciliation agrees: nothing was lost");
    framework.close();
    cluster.close();
    Runtime.getRuntime().removeShutdownHook(stop);
    if (!keep) {
      Leftovers.delete(directory);
    }
    return 0;
  }

  private int lost(Path directory, List<String> wrong) {
    wrong.forEach(each -> say("WRONG: " + each));
    say("the folder stays for a look: " + directory);
    return 1;
  }

  private void say(String what) {
    System.out.printf(Locale.ROOT, "[%6.2f s] %s%n", (System.nanoTime() - startNanos) / 1e9, what);
  }
}
