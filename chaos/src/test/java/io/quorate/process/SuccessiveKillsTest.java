package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.cluster.ReplicaStatus;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three masters, two agents, 200 tasks; five leaders and two agents are killed while they run. */
@Tag("process")
class SuccessiveKillsTest {
  private static final int TASKS = 200;
  private static final int LEADER_KILLS = 5;
  private static final Duration LONG = Duration.ofSeconds(150);

  @TempDir Path directory;

  @Test
  @DisplayName(
      "CP-104 CP-175 five leader kills and two agent kills lose nothing and run nothing" + " twice")
  void shouldLoseNothing() throws IOException {
    Path diary = Files.createDirectory(directory.resolve("diary"));
    try (LocalCluster cluster =
            LocalCluster.start(
                new LocalCluster.Plan(
                    directory.resolve("cluster"),
                    3,
                    2,
                    0,
                    "cpus:12;mem:4096;disk:1000;ports:[31000-32000]",
                    false));
        Recorder framework = new Recorder(cluster.masters())) {
      cluster.awaitServing(LONG);
      framework.start();
      for (int i = 0; i < TASKS; i++) {
        // Some outlive several leaders, some end between two of them.
        framework.launch(
            "t" + i, "echo $$ >> " + diary.resolve("t" + i) + "; sleep " + (1 + i % 20));
      }
      await("tasks run").atMost(LONG).until(() -> framework.updates.size() >= 20);

      for (int round = 0; round < LEADER_KILLS; round++) {
        int leader = awaitLeader(cluster);
        cluster.killMaster(leader);
        if (round % 2 == 1) {
          int agent = round / 2;
          cluster.killAgent(agent);
          cluster.restartAgent(agent);
        }
        awaitLeader(cluster);
        cluster.restartMaster(leader);
        int told = framework.events.size();
        await("the framework hears more after kill " + round)
            .atMost(LONG)
            .until(() -> framework.events.size() > told);
      }

      await("every task is over: " + missing(framework))
          .atMost(LONG)
          .until(() -> missing(framework).isEmpty());
      for (int i = 0; i < TASKS; i++) {
        assertThat(framework.states("t" + i))
            .as("the life of t%d", i)
            .containsExactly(
                TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
        assertThat(Files.readAllLines(diary.resolve("t" + i))).as("runs of t%d", i).hasSize(1);
      }
      assertThat(framework.frameworkIds).hasSize(1);
      assertThat(framework.endings).isEmpty();
      await("replicas are equal").atMost(LONG).until(() -> replicasAreEqual(cluster));
    }
  }

  private static int awaitLeader(LocalCluster cluster) {
    // Asked once: who leads now may lead no longer when asked again.
    return await("a leader").atMost(LONG).until(cluster::leader, Optional::isPresent).orElseThrow();
  }

  private static List<String> missing(Recorder framework) {
    return java.util.stream.IntStream.range(0, TASKS)
        .mapToObj(i -> "t" + i)
        .filter(id -> !framework.over(id))
        .toList();
  }

  private static boolean replicasAreEqual(LocalCluster cluster) {
    Set<String> hashes = new java.util.HashSet<>();
    for (String master : cluster.masters()) {
      Optional<ReplicaStatus> status = cluster.reader().status(master);
      hashes.add(
          status
              .map(
                  candidate ->
                      candidate.appliedIndex() + candidate.chainHash() + candidate.stateDigest())
              .orElse("no answer from " + master));
    }
    return hashes.size() == 1;
  }
}
