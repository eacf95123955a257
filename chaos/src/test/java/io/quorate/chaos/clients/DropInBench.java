package io.quorate.chaos.clients;

import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Measures the drop-in against three masters and an agent: launches, and reconciliation in one go.
 * Not a test; run its main method on the test class path, from the folder of this module, with the
 * number of tasks.
 */
final class DropInBench {
  private DropInBench() {}

  public static void main(String[] args) throws IOException {
    String tasks = args.length == 0 ? "10000" : args[0];
    Path directory = Files.createTempDirectory("drop-in-bench");
    DropIn dropIn = new DropIn(directory.resolve("classes"));
    try (LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 3, 1, 0, "cpus:1000;mem:1000;disk:1000", false))) {
      cluster.awaitServing(Duration.ofSeconds(120));
      String executor =
          String.join(
              " ", dropIn.command("FrameworkExecutor", directory.resolve("notes").toString(), "b"));
      try (Client bench =
          Client.start(
              directory.resolve("bench"),
              dropIn.command(
                  "DriverBench", String.join(",", cluster.masters()), executor, tasks))) {
        int status = bench.exitStatus();
        System.out.println(bench);
        if (status != 0) {
          throw new IOException("the program ended with " + status);
        }
      }
    }
  }
}
