package io.quorate.chaos.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.conformance.Differences;
import io.quorate.chaos.conformance.Replayed;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What differs from the recordings is what {@code conformance/differences.txt} states, no less. */
@Tag("process")
class ReplayTest {
  private static final Differences STATED = Differences.read();
  private static final List<String> OF_THE_SCHEDULER =
      List.of("scheduler-refusals", "scheduler-calls", "scheduler-failover", "scheduler-kill");
  private static final List<String> OF_OPERATORS =
      List.of("v0-master", "operator-master", "v0-agent", "operator-agent");
  private static final List<String> OF_FOLLOWERS = List.of("ha");
  private static final Duration PATIENCE = Duration.ofSeconds(120);
  private static final Set<String> PLAYED = new TreeSet<>();
  private static final Map<String, String> FOUND = new TreeMap<>();

  @TempDir static Path directory;
  private static LocalCluster cluster;

  @BeforeAll
  static void playAll() throws Exception {
    cluster = cluster(1, 1);
    for (String file : OF_THE_SCHEDULER) {
      // One file goes to the other name of the path.
      String prefix = file.equals("scheduler-failover") ? "/master" : "";
      String master = cluster.masters().get(0);
      try (Player player = new Player(master, prefix, master)) {
        play(player, file);
      }
    }
    playOfOperators();
    playOfFollowers();
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
    // For whoever narrows a statement: what differs where, stated or not.
    Files.write(
        Path.of("target/replay-differences.txt"),
        FOUND.entrySet().stream()
            .map(difference -> difference.getKey() + " | " + difference.getValue())
            .toList());
  }

  static Stream<Arguments> points() {
    return Replayed.byPoint().entrySet().stream()
        .map(shown -> Arguments.of(shown.getKey(), shown.getValue()));
  }

  /** The points are cited by {@code conformance/replayed.txt}. */
  @ParameterizedTest(name = "{0} is shown by {1}")
  @MethodSource("points")
  void shouldShowPoint(String point, List<String> exchanges) {
    // given
    assertThat(PLAYED).as("the exchanges of %s were played", point).containsAll(exchanges);

    // when
    Map<String, String> unstated = unstated();
    unstated.keySet().removeIf(difference -> !exchanges.contains(exchangeOf(difference)));

    // then
    assertThat(unstated).as("%s: what is not as recorded", point).isEmpty();
  }

  @Test
  void shouldDifferOnlyAsStated() {
    // given all that was played

    // when
    Map<String, String> unstated = unstated();

    // then
    assertThat(unstated).as("not stated in differences.txt").isEmpty();
  }

  @Test
  void shouldStateOnlyWhatDiffers() {
    // given all that was played

    // when
    Set<String> stale = new TreeSet<>(STATED.exchanges().keySet());
    stale.removeIf(
        stated -> FOUND.keySet().stream().anyMatch(found -> Shape.matches(stated, found)));

    // then
    assertThat(stale).as("stated in differences.txt, but as recorded").isEmpty();
  }

  private static void playOfOperators() throws Exception {
    try (LocalCluster fresh = cluster(1, 1)) {
      String master = fresh.masters().get(0);
      try (Player toMaster = new Player(master, "", master);
          Player toAgent = new Player(fresh.agents().get(0), "", master)) {
        for (String file : OF_OPERATORS) {
          play(file.endsWith("-agent") ? toAgent : toMaster, file);
        }
      }
    }
  }

  private static void playOfFollowers() throws Exception {
    try (LocalCluster three = cluster(3, 0)) {
      assertThat(LocalCluster.await(PATIENCE, () -> three.leader().isPresent())).isTrue();
      String leader = three.masters().get(three.leader().orElseThrow());
      List<String> followers = new ArrayList<>(three.masters());
      followers.remove(leader);
      String follower = followers.get(0);
      assertThat(LocalCluster.await(PATIENCE, () -> follows(three, follower, leader))).isTrue();
      try (Player player = new Player(follower, "", leader)) {
        for (String file : OF_FOLLOWERS) {
          play(player, file);
        }
      }
    }
  }

  private static boolean follows(LocalCluster in, String follower, String leader) {
    return in.reader()
        .get(follower, "/state")
        .filter(state -> state.path("leader").asText().endsWith("@" + leader))
        .isPresent();
  }

  private static LocalCluster cluster(int masters, int agents) throws IOException {
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                Files.createTempDirectory(directory, "cluster"),
                masters,
                agents,
                0,
                "cpus:8;mem:8192;disk:10240;ports:[31000-32000]",
                false));
    try {
      cluster.awaitServing(PATIENCE);
      return cluster;
    } catch (IOException e) {
      cluster.close();
      throw e;
    }
  }

  private static void play(Player player, String file) throws Exception {
    for (Exchange exchange : Exchange.read(file)) {
      PLAYED.add(exchange.name());
      player.play(exchange);
    }
    FOUND.putAll(player.differences());
  }

  private static Map<String, String> unstated() {
    Map<String, String> unstated = new TreeMap<>(FOUND);
    for (String stated : STATED.exchanges().keySet()) {
      unstated.keySet().removeIf(difference -> Shape.matches(stated, difference));
    }
    return unstated;
  }

  private static String exchangeOf(String difference) {
    return difference.substring(0, difference.indexOf(" | "));
  }
}
