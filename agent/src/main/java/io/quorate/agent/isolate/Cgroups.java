package io.quorate.agent.isolate;

import io.quorate.agent.flags.IsolationSettings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files of cgroups, and the numbers that both versions reckon alike (Mesos 4.9). */
final class Cgroups {
  private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
  private static final double PERIOD_MICROS = 100_000;
  private static final double QUOTA_MICROS_MIN = 1_000;
  static final String PERIOD = "100000";
  static final String PROCESSES = "cgroup.procs";

  private Cgroups() {}

  /** Says whether the hierarchy is of version 2 and can limit memory; else it is of version 1. */
  static boolean unified(Path hierarchy) throws IOException {
    Path controllers = hierarchy.resolve("cgroup.controllers");
    return Files.exists(controllers) && Files.readString(controllers).contains("memory");
  }

  /** A cgroup below another one; it may be there. */
  static Path make(Path cgroup) throws IOException {
    try {
      return Files.createDirectories(cgroup);
    } catch (IOException e) {
      throw new IOException("the cgroup " + cgroup + " cannot be made: " + e.getMessage(), e);
    }
  }

  static void write(Path cgroup, String file, String value) throws IOException {
    try {
      Files.writeString(cgroup.resolve(file), value, StandardCharsets.US_ASCII);
    } catch (IOException e) {
      throw new IOException(
          cgroup.resolve(file) + " cannot be set to " + value + ": " + e.getMessage(), e);
    }
  }

  /** The number behind a word, on a line of its own; 0 if there is none. */
  static long number(Path file, String word) {
    try {
      for (String line : Files.readAllLines(file, StandardCharsets.US_ASCII)) {
        String[] parts = line.strip().split(" +");
        boolean here = word.isEmpty() ? parts.length == 1 : parts[0].equals(word);
        if (here && !parts[parts.length - 1].isEmpty()) {
          return Long.parseLong(parts[parts.length - 1]);
        }
      }
    } catch (IOException | NumberFormatException e) {
      LOG.debug("{} cannot be read", file, e);
    }
    return 0;
  }

  /** Removes a cgroup, and says whether it is gone; one that has processes stays. */
  static boolean remove(Path cgroup) {
    try {
      Files.deleteIfExists(cgroup);
      return true;
    } catch (IOException e) {
      LOG.debug("The cgroup {} is still there", cgroup, e);
      return false;
    }
  }

  static long softBytes(ContainerResources resources) {
    return Math.max(PosixIsolator.BYTES_MIN, resources.memBytes());
  }

  /** Returns the hard limit in bytes, which is infinite for no limit. */
  static double hardBytes(ContainerResources resources) {
    return Math.max(PosixIsolator.BYTES_MIN, resources.memBytesMax());
  }

  /**
   * Returns the quota of processor time in microseconds per period, which is below zero for no
   * quota.
   */
  static long quotaMicros(ContainerResources resources, IsolationSettings settings) {
    boolean asked = settings.cfs() || resources.cpusMax() > resources.cpus();
    if (!asked || Double.isInfinite(resources.cpusMax())) {
      return -1;
    }
    return Math.round(Math.max(QUOTA_MICROS_MIN, PERIOD_MICROS * resources.cpusMax()));
  }
}
