package io.quorate.agent.isolate;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.agent.flags.IsolationSettings;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of cgroups, in a directory that stands for the kernel's. */
class CgroupsTest {
  private static final long MIB = 1 << 20;

  @TempDir Path hierarchy;

  private Isolator isolator(boolean cfs, boolean swap) throws IOException {
    return Isolators.of(
        new IsolationSettings(
            Set.of("cgroups/cpu", "cgroups/mem"),
            false,
            Duration.ofSeconds(1),
            hierarchy,
            "mesos",
            cfs,
            swap));
  }

  private void unified() throws IOException {
    Files.writeString(hierarchy.resolve("cgroup.controllers"), "cpuset cpu io memory pids\n");
  }

  private static ContainerResources amounts(String resources) {
    return ContainerResources.of(ResourceText.parse(resources));
  }

  private static ContainerResources limited(double cpus, double mem) {
    return ContainerResources.of(
        TaskInfo.newBuilder()
            .addAllResources(ResourceText.parse("cpus:1;mem:64"))
            .putLimits("cpus", Value.Scalar.newBuilder().setValue(cpus).build())
            .putLimits("mem", Value.Scalar.newBuilder().setValue(mem).build())
            .buildPartial());
  }

  private String read(String file) throws IOException {
    return Files.readString(hierarchy.resolve(file));
  }

  @Test
  @DisplayName("CP-340 v2: weight and memory limit are written to the container's cgroup")
  void shouldLimitV2() throws IOException {
    unified();
    Isolator isolator = isolator(false, false);
    assertThat(isolator.prepare("c", amounts("cpus:0.5;mem:64")))
        .containsExactly(hierarchy.resolve("mesos/c/leaf/cgroup.procs"));
    assertThat(read("cgroup.subtree_control")).isEqualTo("+cpu +memory");
    assertThat(read("mesos/cgroup.subtree_control")).isEqualTo("+cpu +memory");
    assertThat(read("mesos/c/cpu.weight")).isEqualTo("50");
    assertThat(read("mesos/c/cpu.max")).isEqualTo("max 100000");
    assertThat(read("mesos/c/memory.max")).isEqualTo(Long.toString(64 * MIB));
    isolator.update("c", amounts("cpus:2;mem:8"));
    assertThat(read("mesos/c/cpu.weight")).isEqualTo("200");
    assertThat(read("mesos/c/memory.max")).isEqualTo(Long.toString(32 * MIB));
  }

  @Test
  @DisplayName("CP-341 v1: 1024 shares a cpu, at least 2")
  void shouldShareV1() throws IOException {
    Isolator isolator = isolator(false, false);
    assertThat(isolator.prepare("c", amounts("cpus:0.5;mem:64")))
        .containsExactly(
            hierarchy.resolve("cpu/mesos/c/cgroup.procs"),
            hierarchy.resolve("memory/mesos/c/cgroup.procs"));
    assertThat(read("cpu/mesos/c/cpu.shares")).isEqualTo("512");
    assertThat(hierarchy.resolve("cpu/mesos/c/cpu.cfs_quota_us")).doesNotExist();
    assertThat(read("memory/mesos/c/memory.limit_in_bytes")).isEqualTo(Long.toString(64 * MIB));
    isolator.update("c", amounts("cpus:0.001;mem:64"));
    assertThat(read("cpu/mesos/c/cpu.shares")).isEqualTo("2");
  }

  @Test
  @DisplayName("CP-342 with CFS the quota is 100 ms times cpus")
  void shouldSetQuota() throws IOException {
    isolator(true, false).prepare("c", amounts("cpus:1.5;mem:64"));
    assertThat(read("cpu/mesos/c/cpu.cfs_quota_us")).isEqualTo("150000");
    assertThat(read("cpu/mesos/c/cpu.cfs_period_us")).isEqualTo("100000");
    unified();
    isolator(true, false).prepare("d", amounts("cpus:0.001;mem:64"));
    assertThat(read("mesos/d/cpu.max")).isEqualTo("1000 100000");
  }

  @Test
  @DisplayName("CP-349 a limit above the request sets the quota and not the shares; infinite, none")
  void shouldLimitAboveRequest() throws IOException {
    isolator(false, false).prepare("c", limited(2, 128));
    assertThat(read("cpu/mesos/c/cpu.shares")).isEqualTo("1024");
    assertThat(read("cpu/mesos/c/cpu.cfs_quota_us")).isEqualTo("200000");
    assertThat(read("memory/mesos/c/memory.soft_limit_in_bytes"))
        .isEqualTo(Long.toString(64 * MIB));
    assertThat(read("memory/mesos/c/memory.limit_in_bytes")).isEqualTo(Long.toString(128 * MIB));
    unified();
    double infinite = Double.POSITIVE_INFINITY;
    isolator(false, false).prepare("d", limited(infinite, infinite));
    assertThat(read("mesos/d/cpu.max")).isEqualTo("max 100000");
    assertThat(read("mesos/d/memory.max")).isEqualTo("max");
    ContainerResources sum = limited(2, infinite).plus(amounts("cpus:1;mem:32"));
    assertThat(sum.cpusMax()).isEqualTo(3);
    assertThat(sum.memBytesMax()).isInfinite();
  }

  @Test
  @DisplayName("v1: the hard limit is only raised while something runs, and swap may count")
  void shouldOnlyRaise() throws IOException {
    Isolator isolator = isolator(false, true);
    isolator.prepare("c", amounts("cpus:1;mem:64"));
    Files.writeString(hierarchy.resolve("memory/mesos/c/cgroup.procs"), "17\n");
    isolator.update("c", amounts("cpus:1;mem:48"));
    assertThat(read("memory/mesos/c/memory.limit_in_bytes")).isEqualTo(Long.toString(64 * MIB));
    isolator.update("c", amounts("cpus:1;mem:96"));
    assertThat(read("memory/mesos/c/memory.limit_in_bytes")).isEqualTo(Long.toString(96 * MIB));
    assertThat(read("memory/mesos/c/memory.memsw.limit_in_bytes"))
        .isEqualTo(Long.toString(96 * MIB));
  }

  @Test
  @DisplayName("what the kernel's killer did is read from the cgroup, in both versions")
  void shouldSeeOutOfMemory() throws IOException {
    RootContainer unit = new RootContainer("c", List.of("c"), amounts("cpus:1;mem:64"));
    Isolator first = isolator(false, false);
    first.prepare("c", unit.resources());
    assertThat(first.memoryExceeded(unit)).isEmpty();
    Path memory = hierarchy.resolve("memory/mesos/c");
    Files.writeString(memory.resolve("memory.oom_control"), "under_oom 0\noom_kill 0\n");
    assertThat(first.memoryExceeded(unit)).isEmpty();
    Files.writeString(memory.resolve("memory.oom_control"), "under_oom 0\noom_kill 1\n");
    Files.writeString(memory.resolve("memory.max_usage_in_bytes"), "77\n");
    assertThat(first.memoryExceeded(unit)).hasValue(77);
    unified();
    Isolator second = isolator(false, false);
    second.prepare("c", unit.resources());
    Path cgroup = hierarchy.resolve("mesos/c");
    Files.writeString(cgroup.resolve("memory.events"), "low 0\noom 2\noom_kill 1\n");
    Files.writeString(cgroup.resolve("memory.peak"), "78\n");
    assertThat(second.memoryExceeded(unit)).hasValue(78);
  }
}
