package io.quorate.agent.supervise;

import io.quorate.agent.state.WaitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that a supervisor leaves for whatever process of the agent comes later. One that is
 * damaged counts as one that is not there. Those of release 0.1, whose supervisor was a shell, are
 * read as well.
 *
 * @param folder of one run
 */
public record Marks(Path folder) {
  private static final int START_TIME_FIELD = 20;

  /** Says whether the run was ever started. */
  public boolean started() {
    return Files.exists(folder.resolve("started"));
  }

  /** Returns how it ended, once it has. */
  public Optional<WaitStatus> status() {
    Optional<WaitStatus> status = read("status").flatMap(WaitStatus::parse);
    return status.isPresent()
        ? status
        : read("exit")
            .flatMap(text -> number(text))
            .map(code -> WaitStatus.ofShell(code.intValue()));
  }

  private Optional<String> supervisor() {
    return Files.isDirectory(folder.resolve("started")) ? read("supervisor") : read("started");
  }

  /** Returns the pid of its supervisor. */
  public Optional<Long> supervisorPid() {
    return supervisor().flatMap(text -> number(text.split(" ")[0]));
  }

  /** Returns the pid of the task, where its supervisor is a shell of release 0.1. */
  public Optional<Long> oldTaskPid() {
    return read("task").flatMap(Marks::number);
  }

  /**
   * Says whether its supervisor still runs: by its pid, and that this is no later process of it.
   */
  public boolean supervised() {
    Optional<String> born = supervisor();
    Optional<Long> pid = supervisorPid();
    if (born.isEmpty() || pid.isEmpty()) {
      return false;
    }
    String[] parts = born.get().split(" ");
    boolean sameBoot = parts.length < 3 || bootId().map(parts[2]::equals).orElse(true);
    return sameBoot && parts.length > 1 && startTime(pid.get()).equals(parts[1]);
  }

  private static Optional<String> bootId() {
    try {
      return Optional.of(Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Removes them. */
  public void forget() throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(folder)) {
      files = all.toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
    Files.deleteIfExists(folder);
  }

  private Optional<String> read(String name) {
    try {
      String text = Files.readString(folder.resolve(name), StandardCharsets.ISO_8859_1);
      return text.endsWith("\n") ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    try {
      return Optional.of(Long.parseLong(text));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /**
   * Returns when a process began, in ticks since boot, or "-" if there is no such process. It is
   * field 22 of /proc/pid/stat.
   */
  private static String startTime(long pid) {
    try {
      String stat =
          Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.ISO_8859_1);
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      return afterName[0].equals("Z") ? "-" : afterName[START_TIME_FIELD - 1];
    } catch (IOException e) {
      return "-";
    }
  }
}
