package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** A master's disk is full to the last byte, and later not. */
final class DiskFull implements Nemesis {
  /** RocksDB takes some 70 MiB for a log before it is used. */
  private static final int SIZE_MEBIBYTES = 400;

  private final Set<ClusterNode> hit = new LinkedHashSet<>();

  @Override
  public String name() {
    return "disk-full";
  }

  @Override
  public void prepare(ChaosCluster cluster) throws IOException {
    cluster.fit(
        node -> {
          if (node.kind() == ClusterNode.Kind.MASTER) {
            node.smallDisk(SIZE_MEBIBYTES);
          }
        });
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    ClusterNode master = Choice.master(cluster, random);
    hit.add(master);
    master.mayEnd(true);
    master.run("dd if=/dev/zero of=work/ballast bs=64k 2>/dev/null || true");
    return master + ": disk full";
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (ClusterNode clusterNode : List.copyOf(hit)) {
      clusterNode.run("rm -f work/ballast");
      if (!clusterNode.alive() || !Daemons.caughtUp(cluster, clusterNode, 0)) {
        clusterNode.kill();
      }
      clusterNode.start();
      clusterNode.mayEnd(false);
      hit.remove(clusterNode);
    }
  }
}
