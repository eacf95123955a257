package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Wall clocks that are wrong, by libfaketime. Monotonic time goes on as it does. */
final class Clock implements Nemesis {
  private static final String FILE = "clock";

  /** Offsets in seconds: what a bad NTP server, a wrong zone, or a flat battery does. */
  private static final List<Double> JUMPS = List.of(-86_400d, -3_600d, -60d, 60d, 3_600d, 86_400d);

  private static final double SKEW_SECONDS_MAX = 4;
  private static final int JUMPS_MAX = 5;
  private static final int PAUSE_MILLIS_MAX = 1_000;

  private final String name;
  private final boolean jump;
  private final Set<Node> hit = new LinkedHashSet<>();

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
    Path library = library();
    cluster.fit(
        node -> {
          set(node, 0);
          Preload.add(cluster, node, library);
          node.environment()
              .put("FAKETIME_TIMESTAMP_FILE", node.directory().resolve(FILE).toString());
          node.environment().put("FAKETIME_NO_CACHE", "1");
          node.environment().put("FAKETIME_DONT_FAKE_MONOTONIC", "1");
          node.environment().put("DONT_FAKE_MONOTONIC", "1");
        });
  }

  /** The one for programs with many threads, where the package put it. */
  private static Path library() throws IOException {
    for (String each : List.of("/usr/lib", "/usr/lib64", "/lib")) {
      try (Stream<Path> all = Files.find(Path.of(each), 4, (path, facts) -> isLibrary(path))) {
        var found = all.findFirst();
        if (found.isPresent()) {
          return found.get();
        }
      } catch (NoSuchFileException e) {
        // Not on this machine.
      }
    }
    throw new IOException("wrong clocks need the package libfaketime");
  }

  private static boolean isLibrary(Path path) {
    return path.endsWith("libfaketimeMT.so.1");
  }

  private static void set(Node node, double seconds) throws IOException {
    Path next = node.directory().resolve(FILE + ".next");
    Files.writeString(next, String.format(Locale.ROOT, "%+.3f%n", seconds));
    Files.move(
        next,
        node.directory().resolve(FILE),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    List<Node> all = new ArrayList<>(cluster.masters());
    all.addAll(cluster.agents());
    return jump ? jump(cluster, all, random) : skew(all, random);
  }

  private String skew(List<Node> all, SplittableRandom random) throws IOException {
    List<String> done = new ArrayList<>();
    for (Node each : all) {
      done.add(move(each, random.nextDouble(-SKEW_SECONDS_MAX, SKEW_SECONDS_MAX)));
    }
    return String.join(", ", done);
  }

  private String jump(ChaosCluster cluster, List<Node> all, SplittableRandom random)
      throws IOException {
    List<String> done = new ArrayList<>();
    int times = 1 + random.nextInt(JUMPS_MAX);
    for (int i = 0; i < times; i++) {
      Node any = Choice.any(all, random);
      boolean leader = random.nextBoolean();
      done.add(
          move(
              leader ? cluster.leader().orElse(any) : any,
              JUMPS.get(random.nextInt(JUMPS.size()))));
      Daemons.pause(random.nextInt(PAUSE_MILLIS_MAX));
    }
    return String.join(", ", done);
  }

  private String move(Node node, double seconds) throws IOException {
    hit.add(node);
    set(node, seconds);
    return String.format(Locale.ROOT, "%s %+.3f s", node, seconds);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    for (Node each : List.copyOf(hit)) {
      set(each, 0);
      hit.remove(each);
    }
  }
}
