package io.quorate.chaos.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.check.evidence.CallHistory;
import io.quorate.chaos.check.promise.Recovery;
import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.cluster.Machines;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Merge;
import io.quorate.chaos.history.Op;
import io.quorate.chaos.history.Recorder;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.nemesis.Nemeses;
import io.quorate.chaos.nemesis.Nemesis;
import io.quorate.chaos.workload.Workload;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;

/** Makes a cluster, lets clients work and nemeses strike, heals all, and writes down what was. */
public final class ChaosRun {
  private static final Duration START_MAX = Duration.ofMinutes(5);
  private static final Duration WRAP_UP_MAX = Duration.ofSeconds(120);
  private static final Duration END_MAX = Duration.ofSeconds(15);

  /** So much longer than they may take, so that it is known who took longer. */
  private static final Duration BEYOND = Duration.ofSeconds(2);

  private static final Duration LOOK = Duration.ofMillis(500);

  private final Options options;
  private final RunDirectory run;
  private final Workload workload;
  private final List<Nemesis> nemeses;
  private final Consumer<String> say;
  private final long origin = System.nanoTime();
  private final ObjectNode end = Json.object();

  /**
   * @param say is told how it goes, line by line
   * @throws IllegalArgumentException if there is no such workload or nemesis
   */
  public ChaosRun(Options options, Consumer<String> say) {
    this.options = options;
    this.run = new RunDirectory(options.directory().toAbsolutePath());
    this.workload = Workload.named(options.workload());
    this.nemeses = options.nemeses().stream().map(Nemeses::named).toList();
    this.say = say;
  }

  /**
   * Does it.
   *
   * @return the directory with all that the checkers read
   */
  public RunDirectory perform(Machines machines) throws IOException, InterruptedException {
    Files.createDirectories(run.path());
    long originUptime = Merge.uptimeNow();
    Path nemesis = run.path().resolve("nemesis");
    ChaosCluster.Plan plan =
        new ChaosCluster.Plan(
            run.path(),
            options.masters(),
            options.agents(),
            "cpus:4;mem:4096;disk:4096;ports:[31000-32000]",
            workload.masterFlags(),
            workload.agentFlags());
    ChaosCluster cluster = new ChaosCluster(plan, machines);
    ArtifactCollection harvest = new ArtifactCollection(cluster, run);
    try (Recorder recorder = new Recorder(nemesis, Op.NEMESIS, 0, origin);
        Sampler sampler = new Sampler(cluster, origin)) {
      for (Nemesis nemese : nemeses) {
        nemese.prepare(cluster);
      }
      write(cluster);
      say.accept("starting " + ChaosCluster.names(cluster.nodes()) + " (" + machines.name() + ")");
      cluster.start(START_MAX);
      workload.start(cluster, options.clients(), options.rate(), options.seed(), origin);
      say.accept("serving; " + options.clients() + " clients at work for " + options.timeLimit());
      new Schedule(nemeses, options).run(cluster, recorder, options.timeLimit().toNanos(), say);
      healed(cluster, recorder);
      wrapUp(cluster);
      workload.end(cluster);
      LocalCluster.await(END_MAX, () -> cluster.clients().stream().noneMatch(ClusterNode::alive));
      harvest.cluster(end);
      ArrayNode exited = end.putArray("exited");
      sampler.ended().forEach(ended -> exited.add(Json.MAPPER.valueToTree(ended)));
      Json.writeLines(run.path().resolve("status.jsonl"), sampler.samples());
    } finally {
      run.write("end.json", end);
      cluster.close();
      harvest.files(nemesis, originUptime);
    }
    return run;
  }

  /** What was asked for. */
  private void write(ChaosCluster cluster) {
    ObjectNode all = Json.object();
    all.put("seed", options.seed());
    all.put("workload", workload.name());
    ArrayNode names = all.putArray("nemeses");
    nemeses.forEach(nemesis -> names.add(nemesis.name()));
    all.put("backend", options.backend());
    all.put("time_limit_seconds", options.timeLimit().toSeconds());
    all.put("started", Instant.now().toString());
    all.put("command", options.command());
    all.putObject("options")
        .put("rate", options.rate())
        .put("hold_seconds", options.hold().toSeconds())
        .put("quiet_seconds", options.quiet().toSeconds())
        .put("recovery_seconds_max", options.recovery().toSeconds());
    ArrayNode nodes = all.putArray("nodes");
    for (ClusterNode node : cluster.nodes()) {
      nodes
          .addObject()
          .put("name", node.name())
          .put("kind", node.kind().name().toLowerCase(java.util.Locale.ROOT))
          .put("ip", node.ip());
    }
    run.write("run.json", all);
  }

  /** All wires are whole and all daemons run; the clients go on until each was served again. */
  private void healed(ChaosCluster cluster, Recorder recorder)
      throws IOException, InterruptedException {
    for (ClusterNode node : cluster.nodes()) {
      if (node.kind() != ClusterNode.Kind.CLIENT && node.endedByItself().isEmpty()) {
        node.start();
      }
    }
    long healed = recorder.now();
    end.put("healed", healed);
    recorder.info("healed", Json.object());
    say.accept("healed; clients go on until each was served, at most " + options.recovery());
    long least = healed + options.quiet().toNanos();
    long most = healed + options.recovery().plus(BEYOND).toNanos();
    boolean recovered = false;
    while (!recovered && recorder.now() < most) {
      Thread.sleep(LOOK.toMillis());
      recovered = recorder.now() >= least && recovered(cluster, healed);
    }
    say.accept(recovered ? "each was served again" : "not each was served again");
  }

  private static boolean recovered(ChaosCluster cluster, long healed) throws IOException {
    CallHistory history = new CallHistory(Merge.queues(ArtifactCollection.histories(cluster)));
    return Recovery.waiting(history, healed, Long.MAX_VALUE).isEmpty();
  }

  /** Everything that was begun comes to its end. */
  private void wrapUp(ChaosCluster cluster) throws IOException {
    workload.wrapUp(cluster);
    boolean done =
        LocalCluster.await(
            WRAP_UP_MAX,
            () ->
                cluster.clients().stream()
                    .allMatch(client -> Files.exists(client.directory().resolve("done"))));
    end.put("wrapped_up", done);
    say.accept(done ? "all clients are done" : "not all clients came to an end");
  }
}
