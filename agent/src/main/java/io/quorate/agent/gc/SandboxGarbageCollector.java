package io.quorate.agent.gc;

import io.quorate.agent.flags.GarbageCollectionSettings;
import io.quorate.agent.folder.HeldFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the sandboxes of runs that ended long enough ago (Mesos 4.8, CP-337): the fuller the disk
 * is, the sooner. What links and mounts lead to, persistent volumes above all, is not touched.
 */
public final class SandboxGarbageCollector {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxGarbageCollector.class);

  private final Path sandboxes;
  private final GarbageCollectionSettings settings;
  private final Supplier<Set<String>> running;
  private final Remover remover;

  /** Removes a directory with all that is in it. */
  interface Remover {
    void remove(Path directory) throws IOException;
  }

  /**
   * Makes a collector that has not begun.
   *
   * @param sandboxes {@code slaves} of the work_dir
   * @param running the containers that are not over; asked for after the sandboxes were listed, so
   *     that one that begins meanwhile is either not listed or known to run
   */
  public SandboxGarbageCollector(
      Path sandboxes, GarbageCollectionSettings settings, Supplier<Set<String>> running) {
    this(sandboxes, settings, running, SandboxGarbageCollector::removeTree);
  }

  SandboxGarbageCollector(
      Path sandboxes,
      GarbageCollectionSettings settings,
      Supplier<Set<String>> running,
      Remover remover) {
    this.sandboxes = sandboxes;
    this.settings = settings;
    this.running = running;
    this.remover = remover;
  }

  /** Begins to look at the disk at each {@code --disk_watch_interval}, on a thread of its own. */
  public void start() {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread collector = new Thread(task, "sandbox-gc");
              collector.setDaemon(true);
              return collector;
            });
    long millis = settings.interval().toMillis();
    var unused = thread.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      if (Files.isDirectory(sandboxes)) {
        FileStore disk = Files.getFileStore(sandboxes);
        double used = 1 - (double) disk.getUsableSpace() / Math.max(1, disk.getTotalSpace());
        collect(used, Clock.systemUTC().instant());
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("The old sandboxes below {} cannot be looked at", sandboxes, e);
    }
  }

  /**
   * Returns how old a sandbox may get: {@code --gc_delay}, less by the part of the disk that is
   * used or is to stay free (Mesos 4.8).
   *
   * @param used the part of the disk, from 0 to 1
   */
  Duration ageMax(double used) {
    double part = Math.max(0, 1 - settings.headroom() - used);
    return Duration.ofMillis(Math.round(settings.delay().toMillis() * part));
  }

  /**
   * Removes the sandboxes that are older than that, and the directories above them that have become
   * empty. One that cannot be removed, or looked into, does not keep the others.
   *
   * @param used the part of the disk, from 0 to 1
   */
  void collect(double used, Instant now) {
    Instant oldest = now.minus(ageMax(used));
    List<Path> runs = new ArrayList<>();
    List<Path> parents = new ArrayList<>();
    for (Path agent : directories(sandboxes)) {
      for (Path framework : directories(agent.resolve("frameworks"))) {
        for (Path executor : directories(framework.resolve("executors"))) {
          runs.addAll(directories(executor.resolve("runs")));
          parents.addAll(List.of(executor.resolve("runs"), executor));
        }
        parents.addAll(List.of(framework.resolve("executors"), framework));
      }
      parents.addAll(List.of(agent.resolve("frameworks"), agent));
    }
    Set<String> known = running.get();
    for (Path run : runs) {
      if (!known.contains(run.getFileName().toString())) {
        attempt(run, () -> removeIfOlder(run, oldest));
      }
    }
    // One that lost its last child is new again, so that nothing is removed that is just being
    // made.
    Instant emptySince = now.minus(settings.interval());
    for (Path parent : parents) {
      attempt(parent, () -> removeIfEmpty(parent, emptySince));
    }
  }

  /** What may fail for one directory without a consequence for the others. */
  private interface Removal {
    void run() throws IOException;
  }

  private static void attempt(Path directory, Removal removal) {
    try {
      removal.run();
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{} cannot be removed, and will be tried again: {}", directory, e.toString());
    }
  }

  private void removeIfOlder(Path run, Instant oldest) throws IOException {
    if (modified(run).isBefore(oldest)) {
      LOG.info("The sandbox {} is old enough to be removed", run);
      remover.remove(run);
    }
  }

  /** Those below a directory; none, with a word in the log, where it cannot be listed. */
  private static List<Path> directories(Path directory) {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)).toList();
    } catch (IOException | UncheckedIOException e) {
      LOG.warn("{} cannot be listed, and is left as it is: {}", directory, e.toString());
      return List.of();
    }
  }

  /** The latest change of the directory or of what is directly in it, but for links. */
  private static Instant modified(Path directory) throws IOException {
    Instant latest = time(directory);
    try (Stream<Path> all = Files.list(directory)) {
      for (Iterator<Path> files = all.iterator(); files.hasNext(); ) {
        Path file = files.next();
        if (!Files.isSymbolicLink(file)) {
          Instant own = time(file);
          latest = own.isAfter(latest) ? own : latest;
        }
      }
    }
    return latest;
  }

  private static Instant time(Path file) throws IOException {
    return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private static void removeIfEmpty(Path parent, Instant since) throws IOException {
    if (!Files.isDirectory(parent) || !modified(parent).isBefore(since)) {
      return;
    }
    Path latest = parent.resolve("latest");
    if (Files.isSymbolicLink(latest) && !Files.exists(latest)) {
      Files.delete(latest);
    }
    try {
      Files.delete(parent);
    } catch (DirectoryNotEmptyException e) {
      LOG.debug("{} is still in use", parent);
    }
  }

  /**
   * Removes a directory, whose parents are the agent's own, by descriptors: a task that swaps a
   * directory for a link meanwhile cannot lead it elsewhere. What is mounted there stays, too.
   */
  private static void removeTree(Path run) throws IOException {
    try (HeldFolder parent = HeldFolder.open(run.getParent())) {
      parent.remove(run.getFileName().toString());
    }
  }
}
