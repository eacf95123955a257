package io.quorate.agent.task;

import io.quorate.agent.isolate.HostVariables;
import io.quorate.agent.isolate.SystemUsers;
import io.quorate.protocol.v1.CommandInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.UserPrincipal;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * A run under its supervisor. What is known about it is in files, so that another agent process
 * knows it as well.
 */
record SupervisedProcess(Layout.Run of) implements TaskProcess {
  /** What everything in a container has in its environment, unless it took it out. */
  static final String CONTAINER_VARIABLE = "MESOS_CONTAINER_ID";

  private static final int START_TIME_FIELD = 20;
  private static final int SIGNAL_SECONDS_MAX = 10;

  @Override
  public String container() {
    return of.container();
  }

  @Override
  public Path sandbox() {
    return of.sandbox();
  }

  /**
   * Makes the sandbox.
   *
   * @param user whose it is; empty for the agent's own
   * @throws IOException if it cannot be made; the message is for the framework
   */
  void prepare(Optional<String> user) throws IOException {
    Files.createDirectories(of.files());
    Files.createDirectories(sandbox());
    makeLink();
    if (user.isPresent()) {
      own(user.get());
    }
  }

  /** Its first process writes its pid to these files before it becomes the task. */
  void enter(List<Path> cgroups) throws IOException {
    StringBuilder lines = new StringBuilder();
    cgroups.forEach(cgroup -> lines.append(cgroup).append('\n'));
    Files.writeString(of.files().resolve("cgroups"), lines.toString(), StandardCharsets.UTF_8);
  }

  /** The words that make a program run with a user's rights. */
  static List<String> lower(Optional<String> user) throws IOException {
    return user.isEmpty()
        ? List.of()
        : List.of(
            "setpriv",
            "--reuid",
            user.get(),
            "--regid",
            Long.toString(SystemUsers.primaryGroup(user.get())),
            "--init-groups",
            "--");
  }

  /**
   * Starts the task in its sandbox, unless it was started before.
   *
   * @param user whose rights it gets; empty for the agent's own
   * @throws IOException if it cannot be started; the message is for the framework
   */
  Process start(
      Path supervisor, CommandInfo command, Optional<String> user, Map<String, String> environment)
      throws IOException {
    List<String> words = new ArrayList<>(List.of("setsid", "sh"));
    words.add(supervisor.toString());
    words.add(of.files().toString());
    words.add(sandbox().toString());
    words.addAll(lower(user));
    words.addAll(words(command));
    ProcessBuilder builder = new ProcessBuilder(words);
    HostVariables.removeAgentsOwn(builder.environment());
    builder.environment().putAll(environment);
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    Process process = builder.start();
    String born = process.pid() + " " + startTime(process.pid()) + "\n";
    Files.writeString(of.files().resolve("supervisor"), born, StandardCharsets.UTF_8);
    return process;
  }

  /**
   * Shell or argv form (Mesos 4.6). The name is looked up in PATH; argv[0] cannot differ from it.
   */
  private static List<String> words(CommandInfo command) {
    if (command.getShell()) {
      return List.of("sh", "-c", command.getValue());
    }
    List<String> words = new ArrayList<>();
    words.add(command.getValue());
    List<String> arguments = command.getArgumentsList();
    words.addAll(arguments.subList(Math.min(1, arguments.size()), arguments.size()));
    return words;
  }

  private void makeLink() throws IOException {
    Path link = of.link();
    Files.createDirectories(link.getParent());
    Path next = link.resolveSibling(link.getFileName() + ".next");
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, link.getParent().relativize(sandbox()));
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  private void own(String user) throws IOException {
    UserPrincipal owner;
    try {
      owner = sandbox().getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user);
    } catch (UserPrincipalNotFoundException e) {
      throw new IOException("the user '" + user + "' is unknown on this agent", e);
    }
    Files.setOwner(sandbox(), owner);
  }

  @Override
  public boolean started() {
    return Files.exists(of.files().resolve("started"));
  }

  @Override
  public Optional<Integer> exitStatus() {
    return read("exit").map(Integer::parseInt);
  }

  /** By its pid, and that this is no later process of that pid. */
  @Override
  public boolean supervised() {
    Optional<String> born = read("supervisor");
    if (born.isEmpty()) {
      return false;
    }
    String[] parts = born.get().split(" ");
    return startTime(Long.parseLong(parts[0])).equals(parts[1]);
  }

  /** The pid of the task, which leads its session and process group. */
  private Optional<Long> pid() {
    return read("task").map(Long::parseLong);
  }

  @Override
  public Optional<Long> supervisorPid() {
    return read("supervisor").map(text -> Long.parseLong(text.split(" ")[0]));
  }

  @Override
  public void signal(String name) {
    Optional<Long> leader = pid();
    if (leader.isEmpty() || exitStatus().isPresent()) {
      return;
    }
    List<String> targets = new ArrayList<>(List.of("-" + leader.get()));
    ProcessHandle.of(leader.get())
        .ifPresent(
            task ->
                task.descendants().forEach(process -> targets.add(Long.toString(process.pid()))));
    kill(name, targets);
  }

  /**
   * Ends what the task left behind (CP-339): every process that has the container's id in the
   * environment that it was started with. Pids alone could be another's by now.
   */
  void sweep() {
    byte[] mark = (CONTAINER_VARIABLE + "=" + container()).getBytes(StandardCharsets.UTF_8);
    List<String> targets = new ArrayList<>();
    ProcessHandle.allProcesses()
        .filter(process -> supervisorPid().map(pid -> pid != process.pid()).orElse(true))
        .filter(process -> has(process.pid(), mark))
        .forEach(process -> targets.add(Long.toString(process.pid())));
    if (!targets.isEmpty()) {
      kill("KILL", targets);
    }
  }

  private static boolean has(long pid, byte[] mark) {
    byte[] variables;
    try {
      variables = Files.readAllBytes(Path.of("/proc/" + pid + "/environ"));
    } catch (IOException e) {
      // Gone, or another user's: then this agent did not start it.
      return false;
    }
    int start = 0;
    for (int i = 0; i <= variables.length; i++) {
      if (i == variables.length || variables[i] == 0) {
        if (Arrays.equals(variables, start, i, mark, 0, mark.length)) {
          return true;
        }
        start = i + 1;
      }
    }
    return false;
  }

  private static void kill(String name, List<String> targets) {
    List<String> words = new ArrayList<>(List.of("kill", "-" + name, "--"));
    words.addAll(targets);
    try {
      Process kill =
          new ProcessBuilder(words)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      kill.waitFor(SIGNAL_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new IllegalStateException("no signal can be sent", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes what a supervisor left; the sandbox stays. */
  static void forget(Path files) throws IOException {
    for (String name : List.of("exit", "task", "supervisor", "cgroups", "started")) {
      Files.deleteIfExists(files.resolve(name));
    }
    Files.deleteIfExists(files);
  }

  private Optional<String> read(String name) {
    try {
      String text = Files.readString(of.files().resolve(name), StandardCharsets.UTF_8);
      return text.endsWith("\n") ? Optional.of(text.strip()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Since boot, in ticks; "-" for no such process. Field 22 of /proc/pid/stat. */
  private static String startTime(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc/" + pid + "/stat"), StandardCharsets.UTF_8);
      String[] afterName = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ");
      return afterName[0].equals("Z") ? "-" : afterName[START_TIME_FIELD - 1];
    } catch (IOException e) {
      return "-";
    }
  }
}
