package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A follower is killed, one bit of its files flipped, and it is started again: it may refuse to
 * start, saying why, or go on if what is damaged does not matter; it must not serve what is wrong.
 */
final class BitFlip implements Nemesis {
  private static final Duration DECIDED_MAX = Duration.ofSeconds(30);

  private final String name;
  private final String folder;
  private final String pattern;
  private ClusterNode hit;

  /** One bit of a file. */
  private record Flipped(Path file, long offset, int bit) {
    void flip() throws IOException {
      try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
        bytes.seek(offset);
        int old = bytes.read();
        bytes.seek(offset);
        bytes.write(old ^ (1 << bit));
      }
    }
  }

  /**
   * @param folder below the work directory
   * @param pattern of the names of the files, a regular expression
   */
  BitFlip(String name, String folder, String pattern) {
    this.name = name;
    this.folder = folder;
    this.pattern = pattern;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    ClusterNode node = victim(cluster, random);
    if (folder.equals("snapshot")) {
      Members.snapshot(node);
    }
    hit = node;
    node.kill();
    List<Path> files = files(node.work().resolve(folder));
    if (files.isEmpty()) {
      node.start();
      hit = null;
      return "";
    }
    Path file = files.get(random.nextInt(files.size()));
    Flipped flipped = new Flipped(file, random.nextLong(written(file)), random.nextInt(8));
    flipped.flip();
    long target = Daemons.applied(cluster);
    node.mayEnd(true);
    Path log = node.directory().resolve("daemon.log");
    long before = Files.size(log);
    node.start();
    boolean decided =
        LocalCluster.await(
            DECIDED_MAX, () -> !node.alive() || Daemons.caughtUp(cluster, node, target));
    String what =
        node
            + ": bit "
            + flipped.bit()
            + " of byte "
            + flipped.offset()
            + " of "
            + node.work().relativize(file)
            + ": ";
    if (!decided) {
      return what + "neither refused nor caught up within " + DECIDED_MAX;
    }
    return what + (node.alive() ? "went on" : "refused: " + reason(log, before));
  }

  private List<Path> files(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile)
          .filter(file -> file.getFileName().toString().matches(pattern))
          .filter(file -> file.toFile().length() > 0)
          .sorted()
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  /** How much of a file is written: Chronicle's are mapped far beyond that, full of zeros. */
  private static long written(Path file) throws IOException {
    byte[] head = new byte[1 << 20];
    try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "r")) {
      int end = bytes.read(head);
      while (end > 1 && head[end - 1] == 0) {
        end--;
      }
      return end == head.length ? bytes.length() : end;
    }
  }

  /** A follower that may be replaced. */
  private static ClusterNode victim(ChaosCluster cluster, SplittableRandom random) {
    List<ClusterNode> some = Choice.without(cluster.masters(), cluster.masters().get(0));
    ClusterNode any = Choice.any(some, random);
    Optional<ClusterNode> leader = cluster.leader();
    return leader.isPresent() && leader.get() == any && some.size() > 1
        ? Choice.any(Choice.without(some, any), random)
        : any;
  }

  /** What a daemon said of its end; what it logged before is passed over. */
  private static String reason(Path log, long before) throws IOException {
    byte[] all = Files.readAllBytes(log);
    String said =
        new String(all, (int) before, (int) (all.length - before), StandardCharsets.UTF_8);
    return said.lines()
        .filter(line -> line.startsWith("FAULT") || line.contains("cannot start"))
        .findFirst()
        .orElse("it does not say why");
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    if (hit == null) {
      return;
    }
    if (hit.alive() && Daemons.caughtUp(cluster, hit, 0)) {
      hit.mayEnd(false);
    } else {
      // As its message says, and as docs/operate/full-disk.md says how.
      Members.replace(cluster, hit);
    }
    hit = null;
  }
}
