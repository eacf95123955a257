package io.quorate.chaos.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.quorate.cluster.LocalCluster;
import io.quorate.process.Recorder;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Without what it needs it fails in CI; elsewhere it is skipped and says what is missing. */
@Tag("process")
class MachinesTest {
  private static final Duration AWHILE = Duration.ofSeconds(20);
  private static final Duration START_MAX = Duration.ofSeconds(90);

  private static final String TASK = "cat /proc/$(cat task.pid)/comm";

  /** One daemon for all tests, if they have to start it. */
  private static Dockerd dockerd;

  @BeforeAll
  static void startDocker() throws IOException {
    if (Backend.CONTAINERS.missing().isEmpty()) {
      dockerd = Dockerd.ensure();
    }
  }

  @AfterAll
  static void stopDocker() {
    if (dockerd != null) {
      dockerd.close();
    }
  }

  /** Where machines come from. */
  enum Backend {
    NAMESPACES,
    CONTAINERS;

    Machines machines() throws IOException {
      return this == NAMESPACES ? new NamespaceMachines() : new ContainerMachines();
    }

    /** What this machine lacks, in words; empty if nothing. */
    String missing() {
      boolean root = "root".equals(System.getProperty("user.name"));
      if (this == NAMESPACES) {
        return root && isHere("ip -V") && isHere("iptables -V")
            ? ""
            : "namespaces need root, iproute2 and iptables";
      }
      boolean docker = isHere("docker info") || (root && isHere("dockerd --version"));
      return docker && root && isHere("debootstrap --version")
          ? ""
          : "containers need a Docker daemon, or docker.io to start one; debootstrap; and root";
    }

    private static boolean isHere(String command) {
      try {
        Shell.run(AWHILE, List.of("sh", "-c", command + " >/dev/null"));
        return true;
      } catch (IOException e) {
        return false;
      }
    }

    /** What is on this machine because of a cluster of this process. */
    List<String> traces() {
      String pid = Long.toString(ProcessHandle.current().pid(), 36);
      List<String> found =
          sh("ip netns list; ip -o link; iptables -w -S FORWARD; cat /proc/mounts")
              .lines()
              .filter(line -> line.contains((this == NAMESPACES ? "qrt" : "qrc") + pid))
              .collect(Collectors.toCollection(ArrayList::new));
      if (this == CONTAINERS) {
        String mine = " --filter label=io.quorate.chaos.owner=" + owner();
        found.addAll(sh("docker ps -aq" + mine + "; docker network ls -q" + mine).lines().toList());
      }
      return found;
    }
  }

  private static Owner owner() {
    try {
      return Owner.self();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sh(String script) {
    try {
      return Shell.run(AWHILE, List.of("sh", "-c", script));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails in CI without what a backend needs; elsewhere the test is skipped. */
  private static Machines machines(Backend backend) throws IOException {
    String missing = backend.missing();
    if (!missing.isEmpty()) {
      return "true".equals(System.getenv("CI")) ? fail(missing) : abort(missing);
    }
    return backend.machines();
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(1200)
  void shouldRunAClusterThatCanBeCutAndKilled(Backend backend, @TempDir Path directory)
      throws IOException {
    Path run = directory.resolve("run");
    List<String> before;
    try (Machines machines = machines(backend);
        ChaosCluster cluster = new ChaosCluster(plan(run), machines)) {
      before = backend.traces();
      cluster.start(START_MAX);
      assertThat(cluster.leader()).isPresent();
      assertThat(cluster.connectedAgents()).isEqualTo(1);
      cutAndHeal(cluster);
      pauseAndResume(cluster);
      killLeavesTasks(cluster);
      anEndIsSeen(cluster);
    }
    assertThat(before).as("a trace each, and of the network").hasSizeGreaterThanOrEqualTo(5);
    assertNothingIsLeft(backend);
    for (String id : before) {
      assertThat(sh("ip -o link")).as("bridges").doesNotContain(id);
    }
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(run.toString());
    assertThat(sh("ps -eo pid,args | grep -F '" + run + "' | grep -v grep || true")).isEmpty();
  }

  /** The kernel takes its time to remove what was in a namespace. */
  private static void assertNothingIsLeft(Backend backend) {
    LocalCluster.await(AWHILE, () -> backend.traces().isEmpty());
    assertThat(backend.traces()).as("what is left").isEmpty();
  }

  private static ChaosCluster.Plan plan(Path directory) {
    return new ChaosCluster.Plan(directory, 3, 1, "cpus:4;mem:4096", List.of(), List.of());
  }

  private static void cutAndHeal(ChaosCluster cluster) throws IOException {
    ClusterNode one = cluster.masters().get(0);
    ClusterNode other = cluster.masters().get(1);
    Network wires = cluster.network("test");
    assertThat(connects(one, other)).isZero();

    wires.cut(one, other);

    assertThat(connects(one, other)).as("124 is a time-out, not a refusal").isEqualTo(124);
    assertThat(connects(other, one)).isEqualTo(124);
    assertThat(connects(one, cluster.masters().get(2))).isZero();
    assertThat(cluster.reader().status(one.address())).as("the harness reaches both").isPresent();
    assertThat(cluster.reader().status(other.address())).isPresent();

    wires.heal();

    assertThat(connects(one, other)).isZero();
    assertThat(connects(other, one)).isZero();
  }

  /** The exit status of an attempt to connect. */
  private static int connects(ClusterNode from, ClusterNode to) throws IOException {
    String address = "/dev/tcp/" + to.ip() + "/5050";
    return Integer.parseInt(
        from.run("timeout 2 bash -c 'exec 3<>" + address + "' 2>/dev/null; echo $?"));
  }

  private static void pauseAndResume(ChaosCluster cluster) throws IOException {
    ClusterNode agent = cluster.agents().get(0);
    agent.pause();
    assertThat(stateOf(agent)).isEqualTo("T");
    assertThat(agent.alive()).isTrue();
    agent.resume();
    assertThat(stateOf(agent)).isNotEqualTo("T");
  }

  private static String stateOf(ClusterNode node) throws IOException {
    return node.run("cut -d' ' -f3 /proc/$(cat daemon.pid)/stat");
  }

  private static void killLeavesTasks(ChaosCluster cluster) throws IOException {
    ClusterNode agent = cluster.agents().get(0);
    try (Recorder framework = new Recorder(cluster.masterAddresses()).start()) {
      framework.launch("t1", "echo $$ >" + agent.directory() + "/task.pid; exec sleep 1000");
      assertThat(await(() -> framework.states("t1").contains(TaskState.TASK_RUNNING))).isTrue();
      assertThat(agent.run(TASK)).isEqualTo("sleep");

      agent.kill();

      assertThat(agent.alive()).isFalse();
      assertThat(agent.endedByItself()).as("it was killed").isEmpty();
      assertThat(agent.run(TASK)).as("the task lives on").isEqualTo("sleep");
      agent.start();
      assertThat(await(() -> cluster.connectedAgents() == 1)).isTrue();
      assertThat(agent.run(TASK)).isEqualTo("sleep");
      assertThat(framework.states("t1"))
          .containsOnly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
    }
  }

  private static void anEndIsSeen(ChaosCluster cluster) throws IOException {
    ClusterNode agent = cluster.agents().get(0);
    agent.run("kill -TERM $(cat daemon.pid)");
    assertThat(await(() -> agent.endedByItself().isPresent())).isTrue();
    assertThat(agent.endedByItself()).contains(143);
  }

  private static boolean await(BooleanSupplier condition) {
    return LocalCluster.await(START_MAX, condition);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(1200)
  void shouldTellHowAProcessEndedAndWhatItLeft(Backend backend, @TempDir Path directory)
      throws IOException {
    try (Machines machines = machines(backend)) {
      ClusterMachine machine = machines.create("one", 2, directory);

      ClusterMachine.Running ends =
          machine.spawn("ends", List.of("sh", "-c", "echo $WORD; exit 7"), Map.of("WORD", "said"));
      assertThat(await(() -> !ends.alive())).isTrue();
      assertThat(ends.status()).isEqualTo(7);
      assertThat(directory.resolve("ends.log")).hasContent("said");

      ClusterMachine.Running daemon =
          machine.spawn("daemon", List.of("sh", "-c", "sleep 1000 & echo $!; wait"), Map.of());
      assertThat(await(() -> !read(directory.resolve("daemon.log")).isBlank())).isTrue();
      assertThat(daemon.alive()).isTrue();
      assertThat(daemon.status()).isEqualTo(-1);
      String child = read(directory.resolve("daemon.log")).strip();
      machine.run("kill -KILL $(cat daemon.pid)", AWHILE);
      assertThat(await(() -> !daemon.alive())).isTrue();
      assertThat(daemon.status()).isEqualTo(128 + 9);
      assertThat(machine.run("cat /proc/" + child + "/comm", AWHILE)).isEqualTo("sleep");
      // An init reaps it: nothing is left of its number.
      machine.run("kill -KILL " + child, AWHILE);
      assertThat(await(() -> !isThere(machine, child))).isTrue();

      assertThat(machine.run("ip -4 -o addr show eth0", AWHILE)).contains(machine.ip() + "/24");
      assertThatThrownBy(() -> machine.run("echo said; exit 3", AWHILE))
          .hasMessageContaining("status 3")
          .hasMessageContaining("said");
      assertThatThrownBy(() -> machine.run("sleep 100", Duration.ofMillis(300)))
          .hasMessageContaining("not done");
    }
    assertNothingIsLeft(backend);
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(1200)
  void shouldDelayFramesAndFillASmallDisk(Backend backend, @TempDir Path directory)
      throws IOException {
    try (Machines machines = machines(backend)) {
      ClusterMachine one = machine(machines, directory, "one", 2);
      ClusterMachine other = machine(machines, directory, "other", 3);
      Path control = one.directory().resolve("wire");
      one.wire(NativePrograms.program("wire.c"), control);
      one.smallDisk("work", 8);
      assertThat(backend.traces()).as("device and mount").hasSizeGreaterThanOrEqualTo(2);

      assertThat(one.run("ip -4 -o addr show eth0", AWHILE)).contains(one.ip() + "/24");
      Files.writeString(control, "300000 0 0 0");
      assertThat(await(() -> refusedAfterMillis(other, one) >= 600)).as("there and back").isTrue();
      assertThat(refusedAfterMillis(one, other)).isGreaterThanOrEqualTo(600);
      assertThatThrownBy(() -> new Socket(one.ip(), 9).close())
          .as("the harness reaches it")
          .hasMessageContaining("refused");
      Files.delete(control);
      assertThat(await(() -> refusedAfterMillis(other, one) < 300)).isTrue();

      Path ballast = one.directory().resolve("work").resolve("ballast");
      assertThat(one.run("dd if=/dev/zero of=work/ballast bs=64k 2>&1 || true", AWHILE))
          .contains("No space left");
      assertThat(ballast).hasSize(8 << 20);
      assertThatThrownBy(() -> Files.write(ballast.resolveSibling("more"), new byte[64 << 10]))
          .hasMessageContaining("No space left");
      Files.delete(ballast);
      one.run("echo said >work/word", AWHILE);
      assertThat(ballast.resolveSibling("word")).hasContent("said");
    }
    assertNothingIsLeft(backend);
    assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(directory.toString());
  }

  private static ClusterMachine machine(Machines machines, Path directory, String name, int number)
      throws IOException {
    return machines.create(name, number, Files.createDirectory(directory.resolve(name)));
  }

  /** How long it takes until a machine knows that another has no such port. */
  private static int refusedAfterMillis(ClusterMachine from, ClusterMachine to) {
    String connect = "timeout 5 bash -c 'exec 3<>/dev/tcp/" + to.ip() + "/9' 2>/dev/null";
    try {
      return Integer.parseInt(
          from.run(
              "a=$(date +%s%N)\n"
                  + connect
                  + "\n[ $? = 1 ] || exit 3\necho $((($(date +%s%N) - a) / 1000000))",
              AWHILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isThere(ClusterMachine machine, String pid) {
    try {
      return machine.run("test -e /proc/" + pid + " && echo yes || true", AWHILE).equals("yes");
    } catch (IOException e) {
      return true;
    }
  }

  private static String read(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
