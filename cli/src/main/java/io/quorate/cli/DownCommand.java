package io.quorate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.Leftovers;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code quorate down}. */
@Command(
    name = "down",
    description = "Stops a local quorum that was started with up --detach, and only it.",
    mixinStandardHelpOptions = true)
final class DownCommand implements Callable<Integer> {
  private static final Duration STOP_MAX = Duration.ofSeconds(15);

  @Option(names = "--dir", required = true, description = "The directory given to up.")
  private Path directory;

  @Override
  public Integer call() throws IOException {
    Path record = directory.resolve("cluster.json");
    if (!Files.exists(record)) {
      throw new IOException("there is no cluster in " + directory);
    }
    String below = directory.toAbsolutePath().toString();
    List<ProcessHandle> running = new ArrayList<>();
    for (JsonNode pid : new ObjectMapper().readTree(record.toFile()).path("pids")) {
      // A pid may be another's by now: only a process that works in this directory is ours.
      ProcessHandle.of(pid.asLong())
          .filter(process -> ours(process, below))
          .ifPresent(running::add);
    }
    running.forEach(ProcessHandle::destroy);
    LocalCluster.await(STOP_MAX, () -> running.stream().noneMatch(ProcessHandle::isAlive));
    running.forEach(ProcessHandle::destroyForcibly);
    Leftovers.kill(directory);
    Files.delete(record);
    System.out.println("Stopped " + running.size() + " processes; the data stays in " + directory);
    return 0;
  }

  private static boolean ours(ProcessHandle process, String below) {
    try {
      return Files.readString(
              Path.of("/proc/" + process.pid() + "/cmdline"), StandardCharsets.ISO_8859_1)
          .contains(below + "/");
    } catch (IOException e) {
      return false;
    }
  }
}
