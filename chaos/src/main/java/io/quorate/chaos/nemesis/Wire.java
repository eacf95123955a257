package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.cluster.NativePrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Frames that come late, in another order, or twice: for all masters and agents, or for one. A
 * cable does one of them at a time: what the last one to strike it said.
 */
final class Wire implements Nemesis {
  private static final int PPM = 1_000_000;

  /** The wire has looked by then. */
  private static final int LOOKED_MILLIS = 100;

  private final String name;

  /** What this one did to whom, to heal no other's. */
  private final Map<ClusterNode, String> hit = new LinkedHashMap<>();

  Wire(String name) {
    this.name = name;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void prepare(ChaosCluster cluster) throws IOException {
    Path program = NativePrograms.program("wire.c");
    cluster.fit(node -> node.wire(program, control(node)));
  }

  private static Path control(ClusterNode node) {
    return node.directory().resolve("wire");
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    int delayMillis = List.of(5, 20, 50, 150).get(random.nextInt(4));
    double share = List.of(0.05, 0.2, 0.5).get(random.nextInt(3));
    int ppm = (int) (share * PPM);
    String what;
    String order;
    switch (name) {
      case "delay" -> {
        what = delayMillis + " to " + 2 * delayMillis + " ms late";
        order = delayMillis * 1_000 + " " + delayMillis * 1_000 + " 0 0";
      }
      case "reorder" -> {
        what = Math.round(share * 100) + " % of all frames overtake " + delayMillis + " ms";
        order = delayMillis * 1_000 + " 0 " + ppm + " 0";
      }
      default -> {
        what = Math.round(share * 100) + " % of all frames come twice";
        order = "0 0 0 " + ppm;
      }
    }
    List<ClusterNode> some = new ArrayList<>(cluster.masters());
    if (random.nextBoolean()) {
      some.addAll(cluster.agents());
    } else {
      some = List.of(Choice.master(cluster, random));
    }
    for (ClusterNode clusterNode : some) {
      hit.put(clusterNode, order);
      set(clusterNode, order);
    }
    Daemons.pause(LOOKED_MILLIS);
    return ChaosCluster.names(some) + ": " + what;
  }

  private static void set(ClusterNode node, String order) throws IOException {
    Path next = node.directory().resolve("wire.next");
    Files.writeString(next, order + "\n");
    Files.move(
        next, control(node), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (Map.Entry<ClusterNode, String> entry : List.copyOf(hit.entrySet())) {
      Path control = control(entry.getKey());
      if (Files.exists(control) && Files.readString(control).strip().equals(entry.getValue())) {
        Files.delete(control);
      }
      hit.remove(entry.getKey());
    }
  }
}
