package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.DurationInfo;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an agent does with command tasks, as a framework sees it. One master, one agent. */
@Tag("process")
class AgentTasksTest {
  private static final Duration LONG = Duration.ofSeconds(150);

  @TempDir static Path directory;
  private static LocalCluster cluster;
  private Recorder framework;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"),
                1,
                1,
                0,
                "cpus:8;mem:1024;disk:1000;ports:[31000-32000]",
                false));
    cluster.awaitServing(LONG);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @BeforeEach
  void startFramework() {
    framework = new Recorder(cluster.masters()).start();
  }

  @AfterEach
  void stopFramework() {
    framework.client.teardown();
  }

  private TaskStatus awaitOver(String id) {
    await(id + " is over").atMost(LONG).until(() -> framework.over(id));
    return framework.last(id);
  }

  private Path sandbox(String id) {
    String name = framework.client.frameworkId().orElseThrow().getValue();
    Path slaves = directory.resolve("cluster/agent0/slaves");
    try (var agents = Files.list(slaves)) {
      return agents
          .findFirst()
          .orElseThrow()
          .resolve("frameworks/" + name + "/executors/" + id + "/runs/latest");
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  @DisplayName("CP-321 a shell command's exit status, output, environment and sandbox")
  void shouldRunShellCommand() throws IOException {
    CommandInfo.Builder command =
        CommandInfo.newBuilder()
            .setValue("echo \"$GREETING from $MESOS_TASK_ID\"; echo oops >&2; pwd; exit 3");
    command
        .getEnvironmentBuilder()
        .addVariables(Environment.Variable.newBuilder().setName("GREETING").setValue("hello"));
    framework.launch("shell", command.build());
    TaskStatus end = awaitOver("shell");
    assertThat(framework.states("shell"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FAILED);
    assertThat(end.getMessage()).isEqualTo("Command exited with status 3");
    assertThat(end.getSource()).isEqualTo(TaskStatus.Source.SOURCE_EXECUTOR);
    assertThat(end.getUuid().size()).isEqualTo(16);
    List<String> out = Files.readAllLines(sandbox("shell").resolve("stdout"));
    assertThat(out).first().isEqualTo("hello from shell");
    assertThat(out.get(1)).isEqualTo(sandbox("shell").toRealPath().toString());
    assertThat(sandbox("shell").resolve("stderr")).hasContent("oops");
  }

  @Test
  @DisplayName("CP-320 a command in argv form is not read by a shell")
  void shouldRunArgv() throws IOException {
    framework.launch(
        "argv",
        CommandInfo.newBuilder()
            .setShell(false)
            .setValue("printf")
            .addArguments("printf")
            .addArguments("%s|")
            .addArguments("$HOME")
            .addArguments("a b")
            .build());
    assertThat(awaitOver("argv").getState()).isEqualTo(TaskState.TASK_FINISHED);
    assertThat(framework.states("argv"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FINISHED);
    assertThat(sandbox("argv").resolve("stdout")).hasContent("$HOME|a b|");
  }

  @Test
  @DisplayName(
      "CP-150, CP-322 a kill is SIGTERM first: the task may end in its own way, and is KILLED")
  void shouldKillWithGrace() throws IOException {
    framework.launch(
        "gentle", "trap 'echo bye; exit 0' TERM; echo up; while :; do sleep 0.1; done");
    await("it is up")
        .atMost(LONG)
        .until(
            () ->
                framework.states("gentle").contains(TaskState.TASK_RUNNING)
                    && Files.exists(sandbox("gentle").resolve("stdout"))
                    && Files.readString(sandbox("gentle").resolve("stdout")).contains("up"));
    framework.kill("gentle");
    assertThat(awaitOver("gentle").getState()).isEqualTo(TaskState.TASK_KILLED);
    assertThat(Files.readString(sandbox("gentle").resolve("stdout"))).contains("bye");
  }

  @Test
  @DisplayName("CP-322 what ignores SIGTERM gets SIGKILL after the grace, with its children")
  void shouldKillStubborn() throws IOException {
    framework.launch(
        TaskInfo.newBuilder()
            .setName("stubborn")
            .setTaskId(TaskID.newBuilder().setValue("stubborn"))
            .setKillPolicy(
                KillPolicy.newBuilder()
                    .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(500_000_000L)))
            .setCommand(
                CommandInfo.newBuilder()
                    .setValue(
                        "trap '' TERM; sleep 1000 & echo $!; wait; while :; do sleep 1; done")));
    await("its child is up")
        .atMost(LONG)
        .until(
            () ->
                framework.states("stubborn").contains(TaskState.TASK_RUNNING)
                    && Files.exists(sandbox("stubborn").resolve("stdout"))
                    && Files.size(sandbox("stubborn").resolve("stdout")) > 0);
    long child = Long.parseLong(Files.readString(sandbox("stubborn").resolve("stdout")).strip());
    framework.kill("stubborn");
    assertThat(awaitOver("stubborn").getState()).isEqualTo(TaskState.TASK_KILLED);
    await("the child is gone")
        .atMost(LONG)
        .until(() -> ProcessHandle.of(child).map(candidate -> !candidate.isAlive()).orElse(true));
  }

  /** The path to the sandbox, for a user who is not this one. */
  private static void openToOthers() {
    for (Path candidate = directory;
        candidate.startsWith("/tmp/") && candidate.getNameCount() > 1;
        candidate = candidate.getParent()) {
      candidate.toFile().setExecutable(true, false);
    }
  }

  @Test
  @DisplayName("a task runs as its user")
  void shouldSwitchUser() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can switch users");
    openToOthers();
    framework.launch(
        "whoami", CommandInfo.newBuilder().setUser("nobody").setValue("id -un").build());
    assertThat(awaitOver("whoami").getState()).isEqualTo(TaskState.TASK_FINISHED);
    assertThat(sandbox("whoami").resolve("stdout")).hasContent("nobody");
  }

  @Test
  @DisplayName("a user who does not exist fails the task and names the user")
  void shouldRefuseUnknownUser() {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can switch users");
    framework.launch(
        "stranger", CommandInfo.newBuilder().setUser("no-such-user").setValue("true").build());
    TaskStatus end = awaitOver("stranger");
    assertThat(end.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(end.getMessage()).contains("no-such-user");
  }

  @Test
  @DisplayName("CP-347 max_completion_time ends a task that takes longer")
  void shouldLimitTime() {
    framework.launch(
        TaskInfo.newBuilder()
            .setName("slow")
            .setTaskId(TaskID.newBuilder().setValue("slow"))
            .setMaxCompletionTime(DurationInfo.newBuilder().setNanoseconds(300_000_000L))
            .setCommand(CommandInfo.newBuilder().setValue("sleep 1000")));
    TaskStatus end = awaitOver("slow");
    assertThat(end.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_MAX_COMPLETION_TIME_REACHED);
  }

  @Test
  @DisplayName("CP-265, CP-328 what a command needs is there when it starts, or it does not start")
  void shouldFetch() throws IOException {
    Path file = Files.writeString(directory.resolve("needed"), "here");
    framework.launch(
        "fetches",
        CommandInfo.newBuilder()
            .setValue("cat needed")
            .addUris(CommandInfo.URI.newBuilder().setValue(file.toString()))
            .build());
    assertThat(awaitOver("fetches").getState()).isEqualTo(TaskState.TASK_FINISHED);
    assertThat(sandbox("fetches").resolve("stdout")).hasContent("here");
    framework.launch(
        "lacks",
        CommandInfo.newBuilder()
            .setValue("touch begun")
            .addUris(CommandInfo.URI.newBuilder().setValue(file + ".not"))
            .build());
    TaskStatus end = awaitOver("lacks");
    assertThat(end.getState()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
    assertThat(end.getMessage()).contains(file + ".not");
    assertThat(sandbox("lacks").resolve("begun")).doesNotExist();
  }

  @Test
  @DisplayName("a fetch has the rights of the task's user, and no more")
  void shouldFetchAsUser() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        "root".equals(System.getProperty("user.name")), "only root can switch users");
    openToOthers();
    Path secret = Files.writeString(directory.resolve("secret"), "not for all");
    Files.setPosixFilePermissions(
        secret, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    framework.launch(
        "steals",
        CommandInfo.newBuilder()
            .setUser("nobody")
            .setValue("cat secret")
            .addUris(CommandInfo.URI.newBuilder().setValue(secret.toString()))
            .build());
    assertThat(awaitOver("steals").getReason())
        .isEqualTo(TaskStatus.Reason.REASON_CONTAINER_LAUNCH_FAILED);
    assertThat(sandbox("steals").resolve("secret")).doesNotExist();
  }

  @Test
  @DisplayName("a task killed while it is fetched for never starts")
  void shouldKillWhileFetching() throws IOException {
    try (java.net.ServerSocket silent =
        new java.net.ServerSocket(0, 1, java.net.InetAddress.getLoopbackAddress())) {
      framework.launch(
          "waits",
          CommandInfo.newBuilder()
              .setValue("touch begun")
              .addUris(
                  CommandInfo.URI
                      .newBuilder()
                      .setValue("http://127.0.0.1:" + silent.getLocalPort() + "/x"))
              .build());
      await("it is fetched for").atMost(LONG).until(() -> silent.accept() != null);
      framework.kill("waits");
      TaskStatus end = awaitOver("waits");
      assertThat(end.getState()).isEqualTo(TaskState.TASK_KILLED);
      assertThat(end.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_KILLED_DURING_LAUNCH);
      assertThat(sandbox("waits").resolve("begun")).doesNotExist();
    }
  }

  @Test
  @DisplayName("CP-219 CP-224 a duplicate id and too much are TASK_ERROR; the rest is launched")
  void shouldRefuseBadTasks() {
    framework.launch("twice", "sleep 5");
    await("it runs")
        .atMost(LONG)
        .until(() -> framework.states("twice").contains(TaskState.TASK_RUNNING));
    framework.launch("twice", "true");
    framework.launch(
        TaskInfo.newBuilder()
            .setName("huge")
            .setTaskId(TaskID.newBuilder().setValue("huge"))
            .addResources(Recorder.resource("cpus", 1000))
            .setCommand(CommandInfo.newBuilder().setValue("true")));
    framework.launch("fits", "true");
    TaskStatus huge = awaitOver("huge");
    assertThat(huge.getState()).isEqualTo(TaskState.TASK_ERROR);
    assertThat(huge.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_INVALID);
    assertThat(huge.getMessage()).contains("cpus:1000");
    assertThat(huge.hasUuid()).isFalse();
    assertThat(awaitOver("fits").getState()).isEqualTo(TaskState.TASK_FINISHED);
    await("the duplicate is told")
        .atMost(LONG)
        .until(() -> framework.states("twice").contains(TaskState.TASK_ERROR));
    await("the first one ends undisturbed")
        .atMost(LONG)
        .until(() -> framework.states("twice").contains(TaskState.TASK_FINISHED));
  }

  @Test
  @DisplayName(
      "CP-260 CP-267 an agent killed and started again finds what runs, and tells how the others"
          + " ended")
  void shouldRecover() throws IOException {
    Path gate = directory.resolve("gate");
    framework.launch("stays", "while [ ! -e " + gate + " ]; do sleep 0.1; done; exit 7");
    framework.launch("ends", "sleep 1; exit 5");
    await("both run")
        .atMost(LONG)
        .until(
            () ->
                framework.states("stays").contains(TaskState.TASK_RUNNING)
                    && framework.states("ends").contains(TaskState.TASK_RUNNING));
    cluster.killAgent(0);
    String agent = framework.last("stays").getAgentId().getValue();
    await("one ended meanwhile")
        .atMost(LONG)
        .until(() -> runs(directory.resolve("cluster/agent0/meta/runs"), Integer.toString(5 << 8)));
    cluster.restartAgent(0);
    TaskStatus ends = awaitOver("ends");
    assertThat(ends.getMessage()).isEqualTo("Command exited with status 5");
    assertThat(ends.getAgentId().getValue()).isEqualTo(agent);
    assertThat(framework.over("stays")).isFalse();
    // A second time: now it starts from a journal that the first restart wrote anew.
    cluster.killAgent(0);
    cluster.restartAgent(0);
    await("it is back").atMost(LONG).until(() -> cluster.connectedAgents() == 1);
    Files.writeString(gate, "open", StandardCharsets.UTF_8);
    assertThat(awaitOver("stays").getMessage()).isEqualTo("Command exited with status 7");
    assertThat(framework.states("stays"))
        .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING, TaskState.TASK_FAILED);
  }

  private static boolean runs(Path runs, String status) throws IOException {
    try (var candidate = Files.walk(runs)) {
      for (Path file : candidate.filter(path -> path.endsWith("status")).toList()) {
        if (Files.readString(file).strip().equals(status)) {
          return true;
        }
      }
    }
    return false;
  }

  @Test
  @DisplayName("CP-133, CP-173 TASK_KILLING is told to who asks; a command's executor never FAILs")
  void shouldTellKillingToWhoAsks() {
    framework.launch("plain", "sleep 1000");
    await().atMost(LONG).until(() -> framework.states("plain").contains(TaskState.TASK_RUNNING));
    framework.kill("plain");
    awaitOver("plain");
    assertThat(framework.states("plain"))
        .doesNotContain(TaskState.TASK_KILLING)
        .endsWith(TaskState.TASK_KILLED);
    try (Recorder asks =
        new Recorder(
                cluster.masters(),
                3600,
                io.quorate.protocol.v1.FrameworkInfo.Capability.Type.TASK_KILLING_STATE)
            .start()) {
      asks.launch("told", "sleep 1000");
      await().atMost(LONG).until(() -> asks.states("told").contains(TaskState.TASK_RUNNING));
      asks.kill("told");
      await().atMost(LONG).until(() -> asks.over("told"));
      assertThat(asks.states("told"))
          .containsSubsequence(TaskState.TASK_KILLING, TaskState.TASK_KILLED);
      assertThat(asks.events).noneMatch(event -> event.hasFailure());
      asks.client.teardown();
    }
    assertThat(framework.events).noneMatch(event -> event.hasFailure());
  }
}
