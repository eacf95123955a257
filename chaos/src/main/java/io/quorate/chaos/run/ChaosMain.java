package io.quorate.chaos.run;

import io.quorate.chaos.cluster.ContainerMachines;
import io.quorate.chaos.cluster.Machines;
import io.quorate.chaos.cluster.NamespaceMachines;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.nemesis.Nemeses;
import io.quorate.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code ./quorate chaos}. */
@Command(
    name = "quorate chaos",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Runs a cluster, does harm to it, and says whether it kept its promises. Exit status 0: all"
            + " verdicts are valid; 1: one is not, or is unknown; 2: it could not be run.")
public final class ChaosMain implements Callable<Integer> {
  @Option(
      names = "--nemesis",
      split = ",",
      description = "What strikes, several at once by commas; 'none' for peace (see --list).")
  private List<String> nemeses = List.of("none");

  @Option(
      names = "--workload",
      description = "What clients do (default: ${DEFAULT-VALUE}; see --list).")
  private String workload = "launch";

  @Option(
      names = "--time-limit",
      description = "Seconds of strikes and work (default: ${DEFAULT-VALUE}).")
  private int timeLimit = 60;

  @Option(names = "--seed", description = "Of all choices (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--backend",
      description = "namespaces or containers (default: ${DEFAULT-VALUE}).")
  private String backend = "namespaces";

  @Option(
      names = "--hold",
      description = "Seconds that a strike lasts (default: ${DEFAULT-VALUE}).")
  private int hold = 10;

  @Option(
      names = "--quiet",
      description = "Seconds of peace between strikes, about (default: ${DEFAULT-VALUE}).")
  private int quiet = 8;

  @Option(
      names = "--recovery",
      description =
          "Seconds within which all clients must be served when all is healed (default:"
              + " ${DEFAULT-VALUE}).")
  private int recovery = 20;

  @Option(
      names = "--rate",
      description = "Operations a second of all clients together (default: ${DEFAULT-VALUE}).")
  private double rate = 20;

  @Option(names = "--masters", description = "How many (default: ${DEFAULT-VALUE}).")
  private int masters = 3;

  @Option(names = "--agents", description = "How many (default: ${DEFAULT-VALUE}).")
  private int agents = 2;

  @Option(names = "--clients", description = "How many (default: ${DEFAULT-VALUE}).")
  private int clients = 2;

  @Option(
      names = "--out",
      description = "Directory of the run; must not exist (default: chaos-runs/<time>-<seed>).")
  private Path out;

  @Option(
      names = "--plan",
      description =
          "Several runs, each in a directory below --out: ci or nightly. Only --backend, --seed and"
              + " --out go with it.")
  private String plan;

  @Option(
      names = "--planted",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "TEXT",
      description =
          "Plants bugs of one line in the product, all or those whose names have this text, and"
              + " runs each: exit status 0 if every one is found by the promise that it breaks.")
  private String planted;

  @Option(names = "--list", description = "Shows all nemeses and workloads.")
  private boolean list;

  @Spec private CommandSpec spec;

  public static void main(String[] args) {
    System.setProperty("log4j2.configurationFile", "chaos-log4j2.xml");
    System.exit(new CommandLine(new ChaosMain()).execute(args));
  }

  @Override
  public Integer call() throws InterruptedException {
    if (list) {
      System.out.println("nemeses:   " + String.join(", ", Nemeses.names()));
      System.out.println("workloads: " + String.join(", ", Workload.names()));
      return 0;
    }
    if (plan != null) {
      return plan();
    }
    if (planted != null) {
      return planted();
    }
    Options options = options();
    ChaosRun run;
    try {
      run = new ChaosRun(options, ChaosMain::say);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage());
    }
    try (Machines machines = machines()) {
      RunDirectory directory = run.perform(machines);
      return Judgement.of(directory, workload, ChaosMain::say) ? 0 : 1;
    } catch (IOException e) {
      System.err.println("quorate chaos: " + e.getMessage());
      return 2;
    }
  }

  private int plan() {
    List<String> more = new ArrayList<>();
    for (String word : List.of("--backend", "--seed")) {
      if (spec.commandLine().getParseResult().hasMatchedOption(word)) {
        more.add(word + "=" + spec.findOption(word).getValue());
      }
    }
    try {
      return RunPlan.perform(
          plan,
          directory(),
          more,
          words ->
              new CommandLine(new ChaosMain())
                  .setOverwrittenOptionsAllowed(true)
                  .execute(words.toArray(new String[0])));
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--plan: " + e.getMessage());
    }
  }

  private int planted() throws InterruptedException {
    try {
      return InjectedBugRuns.perform(planted, directory(), ChaosMain::say) ? 0 : 1;
    } catch (IOException | IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--planted: " + e.getMessage());
    }
  }

  private Path directory() {
    Path directory =
        out != null
            ? out
            : Path.of("chaos-runs")
                .resolve(
                    LocalDateTime.now(ZoneId.systemDefault())
                            .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"))
                        + "-seed"
                        + seed);
    if (directory.toFile().exists()) {
      throw new ParameterException(spec.commandLine(), "--out: " + directory + " exists");
    }
    return directory;
  }

  private Options options() {
    return new Options(
        directory(),
        backend,
        workload,
        nemeses.stream().filter(nemesis -> !nemesis.equals("none")).toList(),
        Duration.ofSeconds(timeLimit),
        Duration.ofSeconds(hold),
        Duration.ofSeconds(quiet),
        Duration.ofSeconds(recovery),
        seed,
        masters,
        agents,
        clients,
        rate);
  }

  private Machines machines() throws IOException {
    return switch (backend) {
      case "namespaces" -> new NamespaceMachines();
      case "containers" -> new ContainerMachines();
      default ->
          throw new ParameterException(
              spec.commandLine(), "--backend: 'namespaces' or 'containers', not '" + backend + "'");
    };
  }

  private static final long BEGIN = System.nanoTime();

  private static void say(String line) {
    System.out.printf("%6.1f s  %s%n", (System.nanoTime() - BEGIN) / 1e9, line);
  }
}
