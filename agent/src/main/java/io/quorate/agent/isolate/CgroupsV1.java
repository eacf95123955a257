package io.quorate.agent.isolate;

import io.quorate.agent.flags.IsolationSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** cgroups/cpu and cgroups/mem of version 1: a hierarchy for each (Mesos 4.9). */
final class CgroupsV1 implements Isolator {
  private static final double SHARES_PER_CPU = 1024;
  private static final long SHARES_MIN = 2;

  private final IsolationSettings settings;

  CgroupsV1(IsolationSettings settings) {
    this.settings = settings;
  }

  private boolean has(String name) {
    return settings.isolators().contains("cgroups/" + name);
  }

  private Path cgroup(String hierarchy, String container) {
    String name = hierarchy.equals("mem") ? "memory" : hierarchy;
    return settings.hierarchy().resolve(name).resolve(settings.root()).resolve(container);
  }

  @Override
  public List<Path> prepare(String container, ContainerResources resources) throws IOException {
    List<Path> files = new ArrayList<>();
    for (String resource : List.of("cpu", "mem")) {
      if (has(resource)) {
        files.add(Cgroups.make(cgroup(resource, container)).resolve(Cgroups.PROCESSES));
      }
    }
    update(container, resources);
    return files;
  }

  @Override
  public void update(String container, ContainerResources resources) throws IOException {
    if (has("cpu")) {
      Path cgroup = cgroup("cpu", container);
      long shares = Math.max(SHARES_MIN, Math.round(SHARES_PER_CPU * resources.cpus()));
      Cgroups.write(cgroup, "cpu.shares", Long.toString(shares));
      long quota = Cgroups.quotaMicros(resources, settings);
      if (quota > 0 || Files.exists(cgroup.resolve("cpu.cfs_quota_us"))) {
        Cgroups.write(cgroup, "cpu.cfs_period_us", Cgroups.PERIOD);
        Cgroups.write(cgroup, "cpu.cfs_quota_us", Long.toString(quota));
      }
    }
    if (has("mem")) {
      limitMemory(cgroup("mem", container), resources);
    }
  }

  /** The hard limit is only ever raised while something runs there. */
  private void limitMemory(Path cgroup, ContainerResources resources) throws IOException {
    Cgroups.write(
        cgroup, "memory.soft_limit_in_bytes", Long.toString(Cgroups.softBytes(resources)));
    double hard = Cgroups.hardBytes(resources);
    boolean runs = Files.exists(cgroup.resolve(Cgroups.PROCESSES)) && runs(cgroup);
    long before = Cgroups.number(cgroup.resolve("memory.limit_in_bytes"), "");
    if (runs && hard <= before) {
      return;
    }
    String value = Double.isInfinite(hard) ? "-1" : Long.toString(Math.round(hard));
    if (settings.limitSwap() && hard > before && before > 0) {
      // What counts swap too may not be lower than what does not.
      Cgroups.write(cgroup, "memory.memsw.limit_in_bytes", value);
      Cgroups.write(cgroup, "memory.limit_in_bytes", value);
    } else {
      Cgroups.write(cgroup, "memory.limit_in_bytes", value);
      if (settings.limitSwap()) {
        Cgroups.write(cgroup, "memory.memsw.limit_in_bytes", value);
      }
    }
  }

  private static boolean runs(Path cgroup) throws IOException {
    return !Files.readString(cgroup.resolve(Cgroups.PROCESSES)).isBlank();
  }

  @Override
  public OptionalLong memoryExceeded(RootContainer container) {
    Path cgroup = cgroup("mem", container.id());
    return has("mem") && Cgroups.number(cgroup.resolve("memory.oom_control"), "oom_kill") > 0
        ? OptionalLong.of(Cgroups.number(cgroup.resolve("memory.max_usage_in_bytes"), ""))
        : OptionalLong.empty();
  }

  @Override
  public boolean remove(String container) {
    boolean gone = Cgroups.remove(cgroup("cpu", container));
    return Cgroups.remove(cgroup("mem", container)) && gone;
  }

  @Override
  public boolean limits() {
    return has("cpu") && has("mem");
  }
}
