package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.cluster.NativePrograms;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Wall clocks that are wrong, by a library between the daemon and its C library ({@code clock.c}).
 * Monotonic time goes on as it does. libfaketime would do it too, but it also meddles with timed
 * waits, and the threads of a JVM spin under it: a master took minutes to start.
 */
final class Clock implements Nemesis {
  private static final String FILE = "clock";

  /** Offsets in seconds: what a bad NTP server, a wrong zone, or a flat battery does. */
  private static final List<Double> JUMPS = List.of(-86_400d, -3_600d, -60d, 60d, 3_600d, 86_400d);

  private static final double SKEW_SECONDS_MAX = 4;
  private static final int JUMPS_MAX = 5;
  private static final int PAUSE_MILLIS_MAX = 1_000;

  private final String name;
  private final boolean jump;
  private final Set<ClusterNode> hit = new LinkedHashSet<>();

  /**
   * @param jump some clocks jump, by up to a day and back; else all go apart by seconds
   */
  Clock(String name, boolean jump) {
    this.name = name;
    this.jump = jump;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public void prepare(ChaosCluster cluster) throws IOException {
    Path library = NativePrograms.library("clock.c");
    cluster.fit(
        node -> {
          set(node, 0);
          Preload.add(cluster, node, library);
          node.environment().put("QUORATE_CLOCK", node.directory().resolve(FILE).toString());
        });
  }

  /** In place: the daemons have it mapped. */
  private static void set(ClusterNode node, double seconds) throws IOException {
    ByteBuffer nanos = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.nativeOrder());
    nanos.putLong(0, Math.round(seconds * 1e9));
    try (FileChannel file =
        FileChannel.open(
            node.directory().resolve(FILE), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(nanos, 0);
    }
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    List<ClusterNode> all = new ArrayList<>(cluster.masters());
    all.addAll(cluster.agents());
    return jump ? jump(cluster, all, random) : skew(all, random);
  }

  private String skew(List<ClusterNode> all, SplittableRandom random) throws IOException {
    List<String> done = new ArrayList<>();
    for (ClusterNode clusterNode : all) {
      done.add(move(clusterNode, random.nextDouble(-SKEW_SECONDS_MAX, SKEW_SECONDS_MAX)));
    }
    return String.join(", ", done);
  }

  private String jump(ChaosCluster cluster, List<ClusterNode> all, SplittableRandom random)
      throws IOException {
    List<String> done = new ArrayList<>();
    int times = 1 + random.nextInt(JUMPS_MAX);
    for (int i = 0; i < times; i++) {
      ClusterNode any = Choice.any(all, random);
      boolean leader = random.nextBoolean();
      done.add(
          move(
              leader ? cluster.leader().orElse(any) : any,
              JUMPS.get(random.nextInt(JUMPS.size()))));
      Daemons.pause(random.nextInt(PAUSE_MILLIS_MAX));
    }
    return String.join(", ", done);
  }

  private String move(ClusterNode node, double seconds) throws IOException {
    hit.add(node);
    set(node, seconds);
    return String.format(Locale.ROOT, "%s %+.3f s", node, seconds);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (ClusterNode node : List.copyOf(hit)) {
      set(node, 0);
      hit.remove(node);
    }
  }
}
