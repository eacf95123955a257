package io.quorate.agent.gc;

import io.quorate.agent.flags.GarbageCollectionSettings;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileStore;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
 * Removes the sandboxes of runs that ended long enough ago: sooner, the fuller the disk. What links
 * lead to, persistent volumes above all, is not touched.
 */
public final class SandboxGarbageCollector {
  private static final Logger LOG = LoggerFactory.getLogger(SandboxGarbageCollector.class);

  private final Path sandboxes;
  private final GarbageCollectionSettings settings;
  private final Supplier<Set<String>> running;

  /**
   * Makes one.
   *
   * @param sandboxes {@code slaves} of the work_dir
   * @param running the containers that are not over; asked for after the sandboxes were listed, so
   *     that one that begins meanwhile is either not listed or known to run
   */
  public SandboxGarbageCollector(
      Path sandboxes, GarbageCollectionSettings settings, Supplier<Set<String>> running) {
    this.sandboxes = sandboxes;
    this.settings = settings;
    this.running = running;
  }

  /** Begins to look. */
  public void start() {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread cleaner = new Thread(task, "old-sandboxes");
              cleaner.setDaemon(true);
              return cleaner;
            });
    long millis = settings.interval().toMillis();
    var unused = thread.scheduleWithFixedDelay(this::look, millis, millis, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      if (Files.isDirectory(sandboxes)) {
        FileStore disk = Files.getFileStore(sandboxes);
        double used = 1 - (double) disk.getUsableSpace() / Math.max(1, disk.getTotalSpace());
        clean(used, Clock.systemUTC().instant());
      }
    } catch (IOException | RuntimeException e) {
      LOG.error("Old sandboxes are not removed", e);
    }
  }

  /**
   * How old one may get.
   *
   * @param used the part of the disk, from 0 to 1
   */
  Duration ageMax(double used) {
    double part = Math.max(0, 1 - settings.headroom() - used);
    return Duration.ofMillis(Math.round(settings.delay().toMillis() * part));
  }

  /** Removes what is older than that. */
  void clean(double used, Instant now) throws IOException {
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
      if (!known.contains(run.getFileName().toString()) && modified(run).isBefore(oldest)) {
        LOG.info("Removes the sandbox {}", run);
        delete(run);
      }
    }
    // One that lost its last child is new again, so that nothing is removed that is just being
    // made.
    for (Path parent : parents) {
      if (Files.isDirectory(parent) && modified(parent).isBefore(now.minus(settings.interval()))) {
        deleteEmpty(parent);
      }
    }
  }

  private static List<Path> directories(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  /** The latest change of the directory or of what is directly in it, but for links. */
  private static Instant modified(Path directory) throws IOException {
    Instant latest = time(directory);
    try (Stream<Path> all = Files.list(directory)) {
      for (Path each : all.filter(file -> !Files.isSymbolicLink(file)).toList()) {
        Instant own = time(each);
        latest = own.isAfter(latest) ? own : latest;
      }
    }
    return latest;
  }

  private static Instant time(Path file) throws IOException {
    return Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS).toInstant();
  }

  private static void deleteEmpty(Path parent) throws IOException {
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

  private static void delete(Path run) throws IOException {
    var unused =
        Files.walkFileTree(
            run,
            new SimpleFileVisitor<>() {
              @Override
              public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                  throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
              }

              @Override
              public FileVisitResult postVisitDirectory(Path directory, IOException failure)
                  throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
              }
            });
  }
}
