package io.quorate.chaos.replay;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.chaos.conformance.Differences;
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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What differs from the recordings is what {@code conformance/differences.txt} states, no less. */
@Tag("process")
class ReplayTest {
  private static final Differences STATED = Differences.read();
  private static final List<String> FILES =
      List.of(
          "scheduler-refusals",
          "scheduler-calls",
          "scheduler-failover",
          "scheduler-kill",
          "v0-master",
          "operator-master",
          "v0-agent",
          "operator-agent",
          "ha");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Set<String> PLAYED = new TreeSet<>();
  private static final Map<String, String> FOUND = new TreeMap<>();

  @TempDir static Path directory;
  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    cluster = cluster(1, 1);
  }

  @AfterAll
  static void stop() throws IOException {
    cluster.close();
    // For whoever narrows a statement: what differs where, stated or not.
    Files.write(
        Path.of("target/replay-differences.txt"),
        FOUND.entrySet().stream().map(each -> each.getKey() + " | " + each.getValue()).toList());
    judgeTheStatements();
  }

  @Test
  @DisplayName(
      "CP-014 CP-016 CP-017 CP-018 CP-019 CP-023 CP-024 CP-025 CP-028 CP-035 CP-042 CP-043 CP-046"
          + " CP-052 CP-066 CP-081 CP-083 CP-085 CP-099 CP-100 CP-101 CP-108 CP-119 CP-170"
          + " subscriptions, and what is refused, as recorded")
  void shouldSubscribeOrRefuse() throws Exception {
    judge(play("", "scheduler-refusals"));
  }

  @Test
  @DisplayName(
      "CP-021 CP-027 CP-054 CP-055 CP-070 CP-073 CP-076 CP-077 CP-078 CP-137 CP-138 CP-143 CP-146"
          + " CP-148 CP-151 CP-155 CP-156 CP-164 CP-165 CP-166 CP-174 CP-177 CP-178 CP-221 CP-223"
          + " CP-225 CP-243 CP-244 CP-245 CP-248 CP-320 CP-321 CP-346 calls, and the events that"
          + " follow, as recorded")
  void shouldTakeCalls() throws Exception {
    judge(play("", "scheduler-calls"));
  }

  @Test
  @DisplayName(
      "CP-003 CP-036 CP-055 CP-056 CP-102 CP-103 CP-106 CP-108 CP-110 CP-113 CP-116 CP-170"
          + " fail-over of a scheduler under the other name of the path, as recorded")
  void shouldFailOver() throws Exception {
    judge(play("/master", "scheduler-failover"));
  }

  @Test
  @DisplayName("CP-027 CP-322 killed tasks, and operations on resources, as recorded")
  void shouldKill() throws Exception {
    judge(play("", "scheduler-kill"));
  }

  @Test
  @DisplayName(
      "CP-010 CP-011 CP-013 CP-020 CP-033 CP-074 CP-395 CP-408 CP-409 CP-410 CP-412"
          + " views and operator calls, as recorded")
  void shouldAnswerOperators() throws Exception {
    try (LocalCluster fresh = cluster(1, 1)) {
      String master = fresh.masters().get(0);
      String agent = fresh.agents().get(0);
      try (Player player = new Player(master, "", master)) {
        play(player, "v0-master");
        play(player, "operator-master");
        judge(player.differences());
      }
      try (Player player = new Player(agent, "", master)) {
        play(player, "v0-agent");
        play(player, "operator-agent");
        judge(player.differences());
      }
    }
  }

  @Test
  @DisplayName("CP-010 CP-029 CP-030 CP-033 CP-034 what a follower answers, as recorded")
  void shouldAnswerOnFollowers() throws Exception {
    try (LocalCluster three = cluster(3, 0)) {
      assertThat(LocalCluster.await(PATIENCE, () -> three.leader().isPresent())).isTrue();
      String leader = three.masters().get(three.leader().orElseThrow());
      List<String> followers = new ArrayList<>(three.masters());
      followers.remove(leader);
      String follower = followers.get(0);
      assertThat(LocalCluster.await(PATIENCE, () -> follows(three, follower, leader))).isTrue();
      try (Player player = new Player(follower, "", leader)) {
        play(player, "ha");
        judge(player.differences());
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

  private static Map<String, String> play(String prefix, String file) throws Exception {
    String master = cluster.masters().get(0);
    try (Player player = new Player(master, prefix, master)) {
      play(player, file);
      return player.differences();
    }
  }

  private static void play(Player player, String file) throws Exception {
    for (Exchange each : Exchange.read(file)) {
      PLAYED.add(each.name());
      player.play(each);
    }
  }

  /** Every difference is stated. */
  private static void judge(Map<String, String> found) {
    FOUND.putAll(found);
    Map<String, String> unstated = new TreeMap<>(found);
    for (String stated : STATED.exchanges().keySet()) {
      unstated.keySet().removeIf(each -> Shape.matches(stated, each));
    }
    StringBuilder lines = new StringBuilder("not stated in differences.txt:\n");
    unstated.forEach((key, what) -> lines.append(key).append(" | ").append(what).append('\n'));
    assertThat(unstated).as(lines.toString()).isEmpty();
  }

  /** Everything stated is a difference, as far as the exchanges that it means were played. */
  private static void judgeTheStatements() {
    Set<String> names = new TreeSet<>();
    for (String file : FILES) {
      Exchange.read(file).forEach(each -> names.add(each.name()));
    }
    Set<String> stale = new TreeSet<>();
    for (String stated : STATED.exchanges().keySet()) {
      String meant = stated.substring(0, stated.indexOf(" | "));
      boolean played =
          names.stream().filter(each -> Shape.matches(meant, each)).allMatch(PLAYED::contains);
      if (played && FOUND.keySet().stream().noneMatch(each -> Shape.matches(stated, each))) {
        stale.add(stated);
      }
    }
    assertThat(stale).as("stated in differences.txt, but as recorded").isEmpty();
  }
}
