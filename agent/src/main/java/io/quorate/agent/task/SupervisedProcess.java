package io.quorate.agent.task;

import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.supervise.Marks;
import io.quorate.agent.supervise.Order;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.supervise.Signals;
import io.quorate.agent.supervise.Supervisor;
import io.quorate.protocol.v1.CommandInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A run under its supervisor. What is known about it is in files, so that another agent process
 * knows it as well.
 */
record SupervisedProcess(Layout.Run of) implements TaskProcess {
  /** What everything in a container has in its environment, unless it took it out. */
  static final String CONTAINER_VARIABLE = "MESOS_CONTAINER_ID";

  private static final String SHELL = "/bin/sh";

  @Override
  public String container() {
    return of.container();
  }

  @Override
  public Path sandbox() {
    return of.sandbox();
  }

  private Marks marks() {
    return new Marks(of.files());
  }

  /**
   * Makes the sandbox, which is the user's, and the folder of the marks, which is the agent's.
   * Nothing above a sandbox belongs to a task's user, so that no link can be put in its place.
   *
   * @throws IOException if it cannot be made; the message is for the framework
   */
  void prepare(Rights rights) throws IOException {
    make(of.files().getParent(), "rwx------");
    make(of.files(), "rwx------");
    makeParents(sandbox().getParent());
    make(sandbox(), "rwxr-x---");
    makeLink();
    if (!rights.own()) {
      set("unix:gid", rights.gid());
      set("unix:uid", rights.uid());
    }
  }

  private void set(String attribute, long number) throws IOException {
    Files.setAttribute(sandbox(), attribute, (int) number, LinkOption.NOFOLLOW_LINKS);
  }

  /** Those on the way to a sandbox, which its user has to be able to pass. */
  private static void makeParents(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      makeParents(folder.getParent());
      make(folder, "rwxr-xr-x");
    }
  }

  private static void make(Path folder, String permissions) throws IOException {
    if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      Files.createDirectories(folder);
      // Whatever the agent's umask is.
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    }
  }

  /**
   * Starts the task in its sandbox.
   *
   * @return its supervisor; nothing if it was started before
   * @throws IOException if it cannot be started; the message is for the framework
   */
  Optional<Process> start(Supervisor supervisor, Order order) throws IOException {
    return supervisor.startTask(order, of.files(), container());
  }

  /** What is executed: in the form with a shell always the same one (Mesos 4.6). */
  static String program(CommandInfo command) throws IOException {
    if (command.getShell()) {
      return SHELL;
    }
    if (command.getValue().isEmpty()) {
      throw new IOException("'command.value' is empty: it must name a program");
    }
    return command.getValue();
  }

  /** The shell or argv form; the first argument is argv[0] (Mesos 4.6, CP-323). */
  static List<String> words(CommandInfo command) {
    if (command.getShell()) {
      return List.of("sh", "-c", command.getValue());
    }
    return command.getArgumentsCount() == 0
        ? List.of(command.getValue())
        : command.getArgumentsList();
  }

  private void makeLink() throws IOException {
    Path link = of.link();
    makeParents(link.getParent());
    // A name of its own, as that of a task may be as long as names can be.
    Path next = link.resolveSibling(".next-" + container());
    Files.deleteIfExists(next);
    Files.createSymbolicLink(next, link.getParent().relativize(sandbox()));
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public boolean started() {
    return marks().started();
  }

  @Override
  public Optional<WaitStatus> status() {
    return marks().status();
  }

  @Override
  public boolean supervised() {
    return marks().supervised();
  }

  @Override
  public Optional<Long> supervisorPid() {
    return marks().supervisorPid();
  }

  @Override
  public void signal(String name) {
    if (status().isPresent()) {
      return;
    }
    boolean kill = name.equals("KILL");
    Optional<Long> shellsTask = marks().oldTaskPid();
    if (shellsTask.isPresent()) {
      Signals.send(-shellsTask.get(), kill ? Signals.KILL : Signals.TERM);
    } else if (supervised()) {
      Signals.send(marks().supervisorPid().orElseThrow(), kill ? Signals.USR1 : Signals.TERM);
    }
  }

  /**
   * Ends what the task left behind though its supervisor was killed (CP-339): every process that
   * has the container's id in the environment that it was started with. Pids alone could be
   * another's by now.
   */
  void sweep() {
    if (status().isPresent() || supervised()) {
      return;
    }
    byte[] mark = (CONTAINER_VARIABLE + "=" + container()).getBytes(StandardCharsets.UTF_8);
    ProcessHandle.allProcesses()
        .filter(process -> has(process.pid(), mark))
        .forEach(process -> Signals.send(process.pid(), Signals.KILL));
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
}
