package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.cluster.NativePrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Work directories on a disk that is slow, fails, or loses what was not synced. A library between
 * the daemon and its C library does it ({@code faults.c}); LazyFS, which would do the same below
 * the kernel, is in no package registry that is used here. What is written through memory maps
 * (Chronicle Queues) is outside of it.
 */
final class Disk implements Nemesis {
  private static final int EIO = 5;

  /** What is done with the disks; whoever is hit is added to {@code hit} first. */
  interface Deed {
    String done(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
        throws IOException;
  }

  private final String name;
  private final Deed deed;
  private final Set<ClusterNode> hit = new LinkedHashSet<>();

  Disk(String name, Deed deed) {
    this.name = name;
    this.deed = deed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void prepare(ChaosCluster cluster) throws IOException {
    Path library = NativePrograms.library("faults.c");
    cluster.fit(
        node -> {
          Files.createDirectories(faults(node));
          Preload.add(cluster, node, library);
          node.environment().put("QUORATE_FAULTS_ROOT", node.work().toString());
          node.environment().put("QUORATE_FAULTS_UNDO", faults(node).toString());
        });
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    return deed.done(cluster, hit, random);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (ClusterNode clusterNode : List.copyOf(hit)) {
      Files.deleteIfExists(faults(clusterNode).resolve("control"));
      if (clusterNode.mayEnd()) {
        // It may have stopped by itself, or stand there with what it could not write.
        clusterNode.kill();
      }
      clusterNode.mayEnd(false);
      clusterNode.start();
      hit.remove(clusterNode);
    }
  }

  private static List<ClusterNode> daemons(ChaosCluster cluster) {
    List<ClusterNode> all = new ArrayList<>(cluster.masters());
    all.addAll(cluster.agents());
    return all;
  }

  private static Path faults(ClusterNode node) {
    return node.directory().resolve("faults");
  }

  /** What the layer does from now on; read by it at each write and sync. */
  private static void control(ClusterNode node, long syncMillis, int syncError, int writeError)
      throws IOException {
    Path next = faults(node).resolve("control.next");
    Files.writeString(next, syncMillis + " " + syncError + " " + writeError + "\n");
    Files.move(next, faults(node).resolve("control"), StandardCopyOption.ATOMIC_MOVE);
  }

  // -- Deeds ------------------------------------------------------------------------------------

  /** Each sync of one master, mostly the leader, takes longer; sometimes of all. */
  static String slowSync(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    long millis = List.of(20L, 100L, 500L, 1_500L).get(random.nextInt(4));
    List<ClusterNode> some =
        random.nextInt(4) == 0 ? cluster.masters() : List.of(Choice.master(cluster, random));
    for (ClusterNode node : some) {
      hit.add(node);
      control(node, millis, 0, 0);
    }
    return ChaosCluster.names(some) + ": each fsync takes " + millis + " ms more";
  }

  /** Syncs of one master fail with EIO. What it does not know to be on disk it must not tell. */
  static String syncError(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    ClusterNode master = Choice.master(cluster, random);
    hit.add(master);
    master.mayEnd(true);
    control(master, 0, EIO, 0);
    return master + ": fsync fails with EIO";
  }

  /** Power is lost: killed, and all that was not synced is gone. */
  static String lostWrites(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return powerLoss(cluster, hit, random, false);
  }

  /** The same, but for a torn piece of a write. */
  static String tornWrites(ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random)
      throws IOException {
    return powerLoss(cluster, hit, random, true);
  }

  /** One master, mostly the leader, or all of them, as when the house is dark; or an agent. */
  private static String powerLoss(
      ChaosCluster cluster, Set<ClusterNode> hit, SplittableRandom random, boolean torn)
      throws IOException {
    List<ClusterNode> some =
        switch (random.nextInt(4)) {
          case 0 -> cluster.masters();
          case 1 -> List.of(Choice.any(daemons(cluster), random));
          default -> List.of(Choice.master(cluster, random));
        };
    hit.addAll(some);
    for (ClusterNode clusterNode : some) {
      clusterNode.kill();
    }
    List<String> done = new ArrayList<>();
    for (ClusterNode node : some) {
      done.add(node + ": " + new UndoLog(faults(node), node.work()).undo(torn, random));
    }
    return String.join("; ", done);
  }
}
