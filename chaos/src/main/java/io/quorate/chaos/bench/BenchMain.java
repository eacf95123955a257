package io.quorate.chaos.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** {@code quorate bench commits|failover|tasks|streams}. */
public final class BenchMain {
  private static final int CALLS_PER_CALLER = 60;
  private static final int CALLS_MIN = 600;
  private static final int KILLS = 10;
  private static final int TASKS = 500;
  private static final int STREAMS = 10_000;
  private static final Duration PATIENT = Duration.ofSeconds(10);
  private static final Duration IMPATIENT = Duration.ofMillis(250);

  private BenchMain() {}

  /** Exits with 0 when everything was measured, 2 for wrong usage. */
  public static void main(String[] args) throws Exception {
    if (args.length != 1 || !List.of("commits", "failover", "tasks", "streams").contains(args[0])) {
      System.err.println("usage: quorate bench commits|failover|tasks|streams");
      System.err.println("commits and failover need etcd on the PATH (Debian: etcd-server).");
      System.exit(2);
    }
    Path directory = Files.createTempDirectory("quorate-bench");
    switch (args[0]) {
      case "commits" -> commits(directory);
      case "failover" -> failover(directory);
      case "streams" -> OpenStreamsBench.run(directory, STREAMS);
      default -> TaskRateBench.run(directory, TASKS);
    }
    System.exit(0);
  }

  private static void commits(Path directory) throws Exception {
    System.out.printf(
        "%-8s %8s %10s %10s %10s%n", "system", "callers", "commits/s", "p50 ms", "p99 ms");
    try (Subject etcd = new EtcdSubject(directory.resolve("etcd"), PATIENT);
        Subject quorate = new QuorateSubject(directory.resolve("quorate"))) {
      for (int callers : List.of(1, 32, 256)) {
        // In turn, on the same busy machine: only ratios mean something.
        for (Subject subject : List.of(etcd, quorate)) {
          ClosedLoop.run(subject, callers, Math.max(CALLS_MIN / 4, callers * 10));
          int calls = Math.max(CALLS_MIN, callers * CALLS_PER_CALLER);
          ClosedLoop.Result result = ClosedLoop.run(subject, callers, calls);
          System.out.printf(
              "%-8s %8d %10.0f %10.2f %10.2f%n",
              subject.name(), callers, result.perSecond(), result.p50Millis(), result.p99Millis());
        }
      }
    }
  }

  private static void failover(Path directory) throws Exception {
    try (Subject etcd = new EtcdSubject(directory.resolve("etcd"), IMPATIENT);
        Subject quorate = new QuorateSubject(directory.resolve("quorate"))) {
      for (Subject subject : List.of(etcd, quorate)) {
        List<Long> millis = FailoverBench.run(subject, KILLS);
        System.out.printf(
            "%-8s kill -9 of the leader to the next committed write, ms: %s; median %d%n",
            subject.name(), millis, millis.get(millis.size() / 2));
      }
    }
  }
}
