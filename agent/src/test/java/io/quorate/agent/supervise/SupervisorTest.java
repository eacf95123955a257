package io.quorate.agent.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.quorate.agent.state.WaitStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What the supervisor does to real processes. Those of other users are in the tests of processes.
 */
class SupervisorTest {
  private static final int PATIENCE_SECONDS = 60;

  @TempDir Path directory;
  private Supervisor supervisor;
  private Path sandbox;
  private Marks marks;

  @BeforeEach
  void install() throws IOException {
    supervisor = SupervisorProgram.install(directory);
    sandbox = Files.createDirectory(directory.resolve("sandbox"));
    marks = new Marks(Files.createDirectory(directory.resolve("marks")));
  }

  private Order shell(String script) {
    return Order.of(
        "/bin/sh",
        List.of("sh", "-c", script),
        sandbox,
        Rights.OWN,
        Map.of("PATH", "/usr/bin:/bin", "MARK", sandbox.toString()));
  }

  private Process start(Order order) throws IOException {
    return supervisor.startTask(order, marks.folder(), "test").orElseThrow();
  }

  private WaitStatus end(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return marks.status().orElseThrow();
  }

  private String output(String name) throws IOException {
    return Files.readString(sandbox.resolve(name), StandardCharsets.UTF_8);
  }

  /** Whether something lives that this test started, apart from this process. */
  private boolean leftovers() {
    return ProcessHandle.allProcesses()
        .anyMatch(
            process -> {
              try {
                Path cwd = Files.readSymbolicLink(Path.of("/proc/" + process.pid() + "/cwd"));
                return cwd.startsWith(sandbox);
              } catch (IOException e) {
                return false;
              }
            });
  }

  // -- Ends -------------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 127, 128, 129, 137, 143, 200, 255})
  @DisplayName("CP-321 an exit status is one, also above 128")
  void shouldTellExitStatuses(int code) throws Exception {
    // when
    WaitStatus status = end(start(shell("exit " + code)));
    // then
    assertThat(status).isEqualTo(WaitStatus.exited(code));
    assertThat(status.message("Command")).isEqualTo("Command exited with status " + code);
  }

  @ParameterizedTest
  @ValueSource(ints = {6, 9, 11, 13, 15, 64})
  @DisplayName("CP-321 a signal is one")
  void shouldTellSignals(int signal) throws Exception {
    // when
    WaitStatus status = end(start(shell("kill -" + signal + " $$; sleep 60")));
    // then
    assertThat(status.signal()).isEqualTo(signal);
  }

  @Test
  @DisplayName("a task that is told to end as soon as it was started always hears of it")
  void shouldNeverLoseASignal() throws Exception {
    for (int i = 0; i < 20; i++) {
      // given
      marks = new Marks(Files.createDirectory(directory.resolve("marks" + i)));
      Process process = start(shell("exec sleep 60"));
      // when
      Signals.send(marks.supervisorPid().orElseThrow(), Signals.TERM);
      // then
      assertThat(end(process)).isEqualTo(WaitStatus.signalled(Signals.TERM));
    }
  }

  @Test
  @DisplayName("what changed its session, emptied its environment and was left behind ends as well")
  void shouldLeaveNothingBehind() throws Exception {
    // given
    Process process =
        start(
            shell(
                "setsid env -i sh -c 'sleep 600 & sleep 601' & (setsid sleep 602 &) & sleep 603 &"
                    + " until test -s up; do echo > up; done; sleep 0.2; exit 3"));
    // when
    WaitStatus status = end(process);
    // then
    assertThat(status).isEqualTo(WaitStatus.exited(3));
    assertThat(leftovers()).isFalse();
  }

  @Test
  @DisplayName("what forks while it is ended does not get away")
  void shouldCatchWhatForks() throws Exception {
    // given
    Files.writeString(sandbox.resolve("hare"), "test -f stop || { sh ./hare & exit; }");
    Process process = start(shell("sh ./hare; sh ./hare; echo > up; sleep 600"));
    await().until(() -> Files.exists(sandbox.resolve("up")));
    // when
    Signals.send(marks.supervisorPid().orElseThrow(), Signals.USR1);
    WaitStatus status = end(process);
    Files.createFile(sandbox.resolve("stop"));
    // then
    assertThat(status.killed()).isTrue();
    assertThat(leftovers()).isFalse();
  }

  @Test
  @DisplayName("CP-347 the time of a task is over however short it is, and the mark says so")
  void shouldKeepTheLimit() throws Exception {
    for (long millis : new long[] {0, 1, 200}) {
      // given
      marks = new Marks(Files.createDirectory(directory.resolve("limit" + millis)));
      // when
      WaitStatus status = end(start(shell("sleep 600").limit(Duration.ofMillis(millis))));
      // then
      assertThat(status).isEqualTo(new WaitStatus(Signals.KILL, true));
    }
    assertThat(leftovers()).isFalse();
  }

  @Test
  @DisplayName("if the supervisor is killed, its task does not stay behind")
  void shouldEndWithItsSupervisor() throws Exception {
    // given
    Process process = start(shell("exec sleep 600"));
    // when
    process.destroyForcibly().waitFor();
    // then
    await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).until(() -> !leftovers());
    assertThat(marks.status()).isEmpty();
    assertThat(marks.supervised()).isFalse();
  }

  // -- What it is given -------------------------------------------------------------------------

  @Test
  @DisplayName("CP-323 arguments arrive byte for byte, with argv[0]")
  void shouldGiveArguments() throws Exception {
    // given
    List<String> words =
        List.of(
            "other-name", "-c", "tr '\\0' '|' </proc/$$/cmdline", "", "ü b", "'q\"", "$HOME", "\n");
    Order order = Order.of("/bin/sh", words, sandbox, Rights.OWN, Map.of("PATH", "/usr/bin:/bin"));
    // when
    end(start(order));
    // then
    assertThat(output("stdout")).isEqualTo(String.join("|", words) + "|");
  }

  @Test
  @DisplayName("a program gets all of its variables, whatever their names, and none besides")
  void shouldGiveVariables() throws Exception {
    // given
    Map<String, String> variables =
        Map.of("spring.datasource.url", "jdbc:x", "with-dash", "2", "V", "naïve\nline");
    Order order = Order.of("/usr/bin/env", List.of("env", "-0"), sandbox, Rights.OWN, variables);
    // when
    end(start(order));
    // then
    assertThat(output("stdout").split("\0"))
        .containsExactlyInAnyOrder("spring.datasource.url=jdbc:x", "with-dash=2", "V=naïve\nline");
  }

  @Test
  @DisplayName("what it is given is in no listing of processes")
  void shouldShowNothing() throws Exception {
    // given
    Process process = start(shell("canary=1; sleep 600 & wait"));
    // when
    Path proc = Path.of("/proc/" + process.pid());
    String shown =
        Files.readString(proc.resolve("cmdline")) + Files.readString(proc.resolve("environ"));
    // then
    assertThat(shown).isEqualTo(supervisor.program() + "\0test\0");
    Signals.send(process.pid(), Signals.USR1);
    end(process);
  }

  @Test
  @DisplayName("what cannot be run is named with its reason, and its end is known later as well")
  void shouldNameWhatCannotRun() {
    // given
    Order order = Order.of("/no/such", List.of("x"), sandbox, Rights.OWN, Map.of());
    // when, then
    assertThatThrownBy(() -> start(order))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("'/no/such' cannot be run as user ")
        .hasMessageEndingWith(": No such file or directory");
    assertThat(marks.started()).isTrue();
    assertThat(marks.status()).isEqualTo(Optional.of(WaitStatus.exited(127)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"link", "fifo", "folder"})
  @DisplayName("an output that is a link, a FIFO or a folder is not opened")
  void shouldNotFollowOutputs(String kind) throws Exception {
    // given
    Path other = Files.writeString(directory.resolve("other"), "before");
    Path stdout = sandbox.resolve("stdout");
    switch (kind) {
      case "link" -> Files.createSymbolicLink(stdout, other);
      case "fifo" -> new ProcessBuilder("mkfifo", stdout.toString()).start().waitFor();
      default -> Files.createDirectory(stdout);
    }
    // when, then
    assertThatThrownBy(() -> start(shell("echo after")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("'stdout' in the sandbox");
    assertThat(other).hasContent("before");
  }

  @Test
  @DisplayName("a second start of the same run is none")
  void shouldStartOnce() throws Exception {
    // given
    Process first = start(shell("echo ran; sleep 600"));
    // when
    Optional<Process> second = supervisor.startTask(shell("echo ran"), marks.folder(), "test");
    // then
    assertThat(second).isEmpty();
    assertThat(marks.supervisorPid()).contains(first.pid());
    assertThat(marks.supervised()).isTrue();
    Signals.send(first.pid(), Signals.USR1);
    end(first);
    assertThat(output("stdout")).isEqualTo("ran\n");
  }

  @Test
  @DisplayName("an order that ends early starts nothing")
  void shouldTakeWholeOrders() throws Exception {
    // given
    byte[] whole = shell("echo ran").marks(marks.folder()).bytes();
    for (int size = 0; size < whole.length; size += 41) {
      Process process = new ProcessBuilder(supervisor.program().toString()).start();
      // when
      process.getOutputStream().write(whole, 0, size);
      process.getOutputStream().close();
      // then
      assertThat(process.waitFor()).isEqualTo(Supervisor.NOT_STARTED);
    }
    assertThat(marks.started()).isFalse();
    assertThat(sandbox).isEmptyDirectory();
  }

  // -- Rights -----------------------------------------------------------------------------------

  private Order shellOf(Rights rights, String script, Map<String, String> variables) {
    return Order.of("/bin/sh", List.of("sh", "-c", script), sandbox, rights, variables);
  }

  /** Only root can give a sandbox away; elsewhere than in CI there may be another user. */
  private Rights nobody() throws IOException {
    assumeTrue(
        "root".equals(System.getProperty("user.name")) || System.getenv("CI") != null,
        "root is needed");
    Rights rights = SystemUsers.rights("nobody");
    Files.setAttribute(sandbox, "unix:uid", (int) rights.uid());
    Files.setAttribute(sandbox, "unix:gid", (int) rights.gid());
    return rights;
  }

  @Test
  @DisplayName("a task has its user's rights and no others, and can open its own output anew")
  void shouldTakeRights() throws Exception {
    // given
    Rights nobody = nobody();
    String script =
        "set -e; id -u; id -g; grep -E '^Cap(Prm|Eff)' /proc/self/status | cut -f2 | sort -u;"
            + " stat -c '%u %g %a' stdout; echo again >>/dev/stdout";
    // when
    WaitStatus status =
        end(start(shellOf(nobody, script, Map.of("PATH", "/usr/sbin:/usr/bin:/bin"))));
    // then
    assertThat(status.success()).as(output("stderr")).isTrue();
    assertThat(output("stdout").lines())
        .containsExactly(
            Long.toString(nobody.uid()),
            Long.toString(nobody.gid()),
            "0000000000000000",
            nobody.uid() + " " + nobody.gid() + " 640",
            "again");
  }

  @Test
  @DisplayName("programs and libraries that a task's environment names run as its user at once")
  void shouldNotTrustTheEnvironment() throws Exception {
    // given
    Rights nobody = nobody();
    Path own = Files.createDirectory(sandbox.resolve("bin"));
    Path uids = Files.createFile(sandbox.resolve("uids"));
    Files.setAttribute(uids, "unix:uid", (int) nobody.uid());
    for (String name : List.of("sh", "setsid", "setpriv", "mkdir", "kill")) {
      Path trap = own.resolve(name);
      Files.writeString(trap, "#!/bin/sh\n/usr/bin/id -u >>uids\n");
      Files.setPosixFilePermissions(trap, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
    Map<String, String> variables = Map.of("PATH", "bin", "LD_PRELOAD", "bin/x.so", "ENV", "x");
    // when
    end(start(shellOf(nobody, "sh; setsid; kill; mkdir; setpriv", variables)));
    // then
    assertThat(Files.readAllLines(uids)).isNotEmpty().containsOnly(Long.toString(nobody.uid()));
  }

  @Test
  @DisplayName("a task that filled the disk keeps its true status")
  void shouldTellTheStatusOnAFullDisk() throws Exception {
    // given
    nobody();
    Path disk = Files.createDirectory(directory.resolve("disk"));
    run("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", disk.toString());
    try {
      marks = new Marks(Files.createDirectory(disk.resolve("marks")));
      // when
      Process process =
          start(shell("cat /dev/zero >" + disk.resolve("big") + " 2>/dev/null; exit 200"));
      // then
      assertThat(end(process)).isEqualTo(WaitStatus.exited(200));
    } finally {
      run("umount", "-l", disk.toString());
    }
  }

  private static void run(String... words) throws Exception {
    assertThat(new ProcessBuilder(words).inheritIO().start().waitFor()).isZero();
  }

  // -- Helpers ----------------------------------------------------------------------------------

  @Test
  @DisplayName("a helper gets its input and leaves its output and status")
  void shouldRunHelpers() throws Exception {
    // given
    Path said = directory.resolve("said");
    // when
    Process helper =
        supervisor.startHelperWithInput(
            shell("cat; exit 3"), ProcessBuilder.Redirect.to(said.toFile()));
    helper.getOutputStream().write("given".getBytes(StandardCharsets.UTF_8));
    helper.getOutputStream().close();
    // then
    assertThat(helper.waitFor()).isEqualTo(3);
    assertThat(said).hasContent("given");
  }

  @Test
  @DisplayName("a helper ends with all that it started when its time is over or nobody wants it")
  void shouldEndHelpers() throws Exception {
    // given
    ProcessBuilder.Redirect nowhere = ProcessBuilder.Redirect.DISCARD;
    Process late =
        supervisor.startHelper(
            shell("setsid sleep 600 & sleep 600").limit(Duration.ofMillis(50)), nowhere);
    Process unwanted = supervisor.startHelper(shell("setsid sleep 600 & sleep 600"), nowhere);
    // when
    unwanted.getOutputStream().close();
    // then
    assertThat(late.waitFor()).isEqualTo(Supervisor.LIMIT);
    assertThat(unwanted.waitFor()).isEqualTo(128 + Signals.KILL);
    assertThat(leftovers()).isFalse();
  }
}
