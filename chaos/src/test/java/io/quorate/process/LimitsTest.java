package io.quorate.process;

import static io.quorate.process.ExecutorBench.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Containers that use more memory than they may. */
@Tag("process")
class LimitsTest {
  /** Holds some 150 MB, and stays. */
  private static final String EATS = "{ head -c 150000000 /dev/zero; sleep 1000; } | tail";

  private static final String FOR_EVER = "while :; do sleep 0.1; done";

  @TempDir Path directory;

  private static void assertLimited(TaskStatus end) {
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LIMITATION_MEMORY);
    assertThat(end.getSource()).isEqualTo(TaskStatus.Source.SOURCE_AGENT);
    assertThat(end.getMessage()).startsWith("Memory limit exceeded: Requested: ");
    assertThat(end.getLimitation().getResources(0).getName()).isEqualTo("mem");
  }

  @Test
  @DisplayName("CP-264 posix/mem, enforced: command tasks, groups and executors over their memory")
  void shouldWatchMemory() throws IOException {
    try (LocalCluster cluster =
            ExecutorBench.cluster(
                directory,
                "--enforce_container_memory",
                "--container_memory_watch_interval=200ms");
        ExecutorBench bench = new ExecutorBench(cluster)) {
      Offer offer = bench.offer();
      bench.hand.accept(
          offer,
          Hand.launch(Hand.task(offer, "modest", FOR_EVER)),
          Hand.launch(Hand.task(offer, "greedy", EATS)));
      assertLimited(bench.hand.awaitState("greedy", TaskState.TASK_FAILED));
      ExecutorInfo.Builder executor =
          ExecutorBench.plain("eater").setCommand(CommandInfo.newBuilder().setValue(EATS));
      bench.launch("under", executor, "");
      assertLimited(bench.hand.awaitState("under", TaskState.TASK_FAILED));
      bench.awaitFailure("eater");
      Offer next = bench.offer();
      Offer.Operation.Builder group =
          Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH_GROUP);
      group
          .getLaunchGroupBuilder()
          .setExecutor(
              ExecutorBench.plain("group")
                  .setType(ExecutorInfo.Type.DEFAULT)
                  .setFrameworkId(bench.hand.client.frameworkId().orElseThrow()))
          .getTaskGroupBuilder()
          .addTasks(Hand.task(next, "big", EATS))
          .addTasks(Hand.task(next, "small", FOR_EVER));
      bench.hand.accept(next, group);
      assertLimited(bench.hand.awaitState("big", TaskState.TASK_FAILED));
      assertLimited(bench.hand.awaitState("small", TaskState.TASK_FAILED));
      bench.awaitFailure("group");
      assertThat(bench.hand.statuses("modest"))
          .extracting(TaskStatus::getState)
          .endsWith(TaskState.TASK_RUNNING);
    }
  }

  @Test
  @DisplayName("CP-343 cgroups: a task enters its own, and what the kernel killed there is told")
  void shouldUseCgroups() throws IOException {
    // A directory stands for the kernel's: tests change no cgroups of the machine they run on.
    Path hierarchy = Files.createDirectories(directory.resolve("cgroup"));
    Files.writeString(hierarchy.resolve("cgroup.controllers"), "cpu memory\n");
    try (LocalCluster cluster =
            ExecutorBench.cluster(
                directory,
                "--isolation=cgroups",
                "--cgroups_hierarchy=" + hierarchy,
                "--container_memory_watch_interval=200ms");
        ExecutorBench bench = new ExecutorBench(cluster)) {
      Offer offer = bench.offer();
      bench.hand.accept(offer, Hand.launch(Hand.task(offer, "inside", "echo $$; " + FOR_EVER)));
      TaskStatus status = bench.hand.awaitState("inside", TaskState.TASK_RUNNING);
      Path cgroup =
          hierarchy
              .resolve("mesos")
              .resolve(status.getContainerStatus().getContainerId().getValue());
      await("it entered")
          .atMost(LONG)
          .until(
              () ->
                  Files.exists(cgroup.resolve("leaf/cgroup.procs"))
                      && bench
                          .lines("inside")
                          .contains(Files.readString(cgroup.resolve("leaf/cgroup.procs")).strip()));
      Files.writeString(cgroup.resolve("memory.peak"), "99\n");
      Files.writeString(cgroup.resolve("memory.events"), "oom_kill 1\n");
      assertLimited(bench.hand.awaitState("inside", TaskState.TASK_FAILED));
    }
  }
}
