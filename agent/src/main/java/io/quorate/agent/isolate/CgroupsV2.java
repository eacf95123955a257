package io.quorate.agent.isolate;

import io.quorate.agent.flags.IsolationSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * cgroups/cpu and cgroups/mem of version 2. Processes are in {@code leaf} below a container's
 * cgroup, as one that hands controllers down may hold none itself (Mesos 4.9).
 */
final class CgroupsV2 implements Isolator {
  private static final double WEIGHT_PER_CPU = 100;
  private static final long WEIGHT_MAX = 10_000;

  private final IsolationSettings settings;

  CgroupsV2(IsolationSettings settings) {
    this.settings = settings;
  }

  private boolean has(String name) {
    return settings.isolators().contains("cgroups/" + name);
  }

  private Path cgroup(String container) {
    return settings.hierarchy().resolve(settings.root()).resolve(container);
  }

  @Override
  public List<Path> prepare(String container, ContainerResources resources) throws IOException {
    Path cgroup = cgroup(container);
    handDown(settings.hierarchy());
    Path above = settings.hierarchy();
    for (Path name : Path.of(settings.root())) {
      above = Cgroups.make(above.resolve(name));
      handDown(above);
    }
    Path leaf = Cgroups.make(Cgroups.make(cgroup).resolve("leaf"));
    update(container, resources);
    return List.of(leaf.resolve(Cgroups.PROCESSES));
  }

  private void handDown(Path cgroup) throws IOException {
    String controllers = (has("cpu") ? "+cpu " : "") + (has("mem") ? "+memory" : "");
    Cgroups.write(cgroup, "cgroup.subtree_control", controllers.strip());
  }

  @Override
  public void update(String container, ContainerResources resources) throws IOException {
    Path cgroup = cgroup(container);
    if (has("cpu")) {
      long weight = Math.max(1, Math.round(WEIGHT_PER_CPU * resources.cpus()));
      Cgroups.write(cgroup, "cpu.weight", Long.toString(Math.min(weight, WEIGHT_MAX)));
      long quota = Cgroups.quotaMicros(resources, settings);
      Cgroups.write(
          cgroup, "cpu.max", (quota < 0 ? "max" : Long.toString(quota)) + " " + Cgroups.PERIOD);
    }
    if (has("mem")) {
      Cgroups.write(cgroup, "memory.low", Long.toString(Cgroups.softBytes(resources)));
      double hard = Cgroups.hardBytes(resources);
      Cgroups.write(
          cgroup, "memory.max", Double.isInfinite(hard) ? "max" : Long.toString(Math.round(hard)));
    }
  }

  @Override
  public OptionalLong memoryExceeded(RootContainer container) {
    Path cgroup = cgroup(container.id());
    return has("mem") && Cgroups.number(cgroup.resolve("memory.events"), "oom_kill") > 0
        ? OptionalLong.of(Cgroups.number(cgroup.resolve("memory.peak"), ""))
        : OptionalLong.empty();
  }

  @Override
  public boolean remove(String container) {
    return Cgroups.remove(cgroup(container).resolve("leaf")) && Cgroups.remove(cgroup(container));
  }

  @Override
  public boolean limits() {
    return has("cpu") && has("mem");
  }
}
