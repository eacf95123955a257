package io.quorate.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code quorate up}: a local cluster in a directory. A directory that {@code down} left holds all
 * that its cluster knew, and may be given again.
 */
@Command(
    name = "up",
    description = "Starts a local quorum of separate processes.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpCommand implements Callable<Integer> {
  private static final Duration START_MAX = Duration.ofMinutes(2);
  private static final int MASTERS_MAX = 9;
  private static final int AGENTS_MAX = 100;
  private static final int PORT_MAX = 65_535;

  @Spec private CommandSpec spec;

  @Option(names = "--masters", description = "How many masters (default: ${DEFAULT-VALUE}).")
  private int masters = 3;

  @Option(names = "--agents", description = "How many agents (default: ${DEFAULT-VALUE}).")
  private int agents = 2;

  @Option(
      names = "--port",
      description = "Port of the first master; the others follow (default: ${DEFAULT-VALUE}).")
  private int port = 5050;

  @Option(names = "--dir", description = "Directory of the cluster's data (default: a new one).")
  private Path directory;

  @Option(names = "--detach", description = "Return when the cluster serves; stop it with down.")
  private boolean detach;

  @Override
  public Integer call() throws IOException, InterruptedException {
    FlagRules rules = new FlagRules(spec);
    rules.between("--masters", 1, MASTERS_MAX, masters);
    rules.between("--agents", 0, AGENTS_MAX, agents);
    rules.between("--port", 1, PORT_MAX - masters + 1, port);
    Path where = directory == null ? Files.createTempDirectory("quorate") : directory;
    Path record = where.resolve("cluster.json");
    if (Files.exists(record)) {
      throw new IOException(where + " holds a cluster already: quorate down --dir " + where);
    }
    System.err.printf("Starting %d masters and %d agents in %s ...%n", masters, agents, where);
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(where, masters, agents, port, "", detach),
            // What this machine has may differ from the last time.
            List.of("--reconfiguration_policy=any"));
    Thread stop =
        new Thread(
            () -> {
              cluster.close();
              record.toFile().delete();
            });
    Runtime.getRuntime().addShutdownHook(stop);
    cluster.awaitServing(START_MAX);
    new ObjectMapper()
        .writerWithDefaultPrettyPrinter()
        .writeValue(
            record.toFile(),
            Map.of(
                "masters", cluster.masters(), "agents", cluster.agents(), "pids", cluster.pids()));
    System.out.println("masters: " + String.join(",", cluster.masters()));
    System.out.println("agents:  " + String.join(",", cluster.agents()));
    if (detach) {
      Runtime.getRuntime().removeShutdownHook(stop);
      System.err.println("Stop it with: quorate down --dir " + where);
      return 0;
    }
    System.err.println("Ctrl-C stops all.");
    new CountDownLatch(1).await();
    return 0;
  }
}
