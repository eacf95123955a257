package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * The process that made something, as a word for a label: what is left of one that is gone may be
 * removed. The host is in it because a Docker daemon may serve others than this one.
 *
 * @param started milliseconds of the epoch; numbers of processes are used again
 */
record Owner(String host, long pid, long started) {

  /** This process. */
  static Owner self() throws IOException {
    ProcessHandle self = ProcessHandle.current();
    return new Owner(hostname(), self.pid(), started(self));
  }

  /** What {@link #toString} wrote, if it did. */
  static Optional<Owner> parse(String word) {
    String[] parts = word.strip().split("/", -1);
    try {
      return parts.length == 3
          ? Optional.of(new Owner(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** It was a process of this host and does not run any more. */
  boolean isGone() throws IOException {
    return host.equals(hostname())
        && ProcessHandle.of(pid).filter(process -> started(process) == started).isEmpty();
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }

  private static String hostname() throws IOException {
    return Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
  }

  @Override
  public String toString() {
    return host + "/" + pid + "/" + started;
  }
}
