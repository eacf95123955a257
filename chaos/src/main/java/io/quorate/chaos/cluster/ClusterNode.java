package io.quorate.chaos.cluster;

import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A machine and the one daemon that belongs on it. */
public final class ClusterNode {
  private static final Duration SHORT = Duration.ofSeconds(20);
  private static final Duration AGAIN = Duration.ofSeconds(2);
  private static final Duration STOP_MAX = Duration.ofSeconds(30);
  private static final String PROCESS = "daemon";

  /** What a node is for. */
  public enum Kind {
    MASTER,
    AGENT,
    CLIENT
  }

  private final Kind kind;
  private final ClusterMachine machine;
  private final String mainClass;
  private final List<String> arguments;
  private final List<String> javaOptions = new ArrayList<>();
  private final Map<String, String> environment = new LinkedHashMap<>();
  private ClusterMachine.Running running;
  private boolean meantToRun;
  private boolean mayEnd;
  private boolean wired;
  private boolean retired;

  ClusterNode(
      Kind kind,
      ClusterMachine machine,
      String mainClass,
      List<String> arguments,
      List<String> javaOptions) {
    this.kind = kind;
    this.machine = machine;
    this.mainClass = mainClass;
    this.arguments = new ArrayList<>(arguments);
    this.javaOptions.addAll(javaOptions);
  }

  public Kind kind() {
    return kind;
  }

  public String name() {
    return machine.name();
  }

  public String ip() {
    return machine.ip();
  }

  /** Of its HTTP port. */
  public String address() {
    return ip() + ":" + (kind == Kind.MASTER ? 5050 : 5051);
  }

  public Path directory() {
    return machine.directory();
  }

  /** The daemon's data. */
  public Path work() {
    return directory().resolve("work");
  }

  /** Puts the daemon's data on a small disk. Before its first start. */
  public void smallDisk(int mebibytes) throws IOException {
    machine.smallDisk("work", mebibytes);
  }

  /** Puts a cable of ours between this node and the others: see {@link ClusterMachine#wire}. */
  public void wire(Path program, Path control) throws IOException {
    if (!wired) {
      machine.wire(program, control);
      wired = true;
    }
  }

  /** Variables that the daemon is started with from the next start on. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Options of the daemon from the next start on. */
  public List<String> arguments() {
    return arguments;
  }

  /**
   * Runs a script as root on the machine.
   *
   * @return what it printed
   */
  public String run(String script) throws IOException {
    return machine.run(script, SHORT);
  }

  public synchronized boolean alive() {
    return running != null && running.alive();
  }

  /** The exit status of a daemon that ended though nobody had asked it to. */
  public synchronized Optional<Integer> endedByItself() {
    return meantToRun && !mayEnd && running != null && !running.alive()
        ? Optional.of(running.status())
        : Optional.empty();
  }

  /** Whether an end by itself is the right answer to what is done to it: a disk that fails. */
  public synchronized void mayEnd(boolean may) {
    mayEnd = may;
  }

  public synchronized boolean mayEnd() {
    return mayEnd;
  }

  /** Ends the daemon for good: whoever did it some other harm must not start it again. */
  synchronized void retire() throws IOException {
    retired = true;
    kill();
  }

  /** Starts the daemon, unless it runs or is retired. */
  public synchronized void start() throws IOException {
    if (retired || alive()) {
      return;
    }
    List<String> command = new ArrayList<>(machine.java(javaOptions));
    command.add(mainClass);
    command.addAll(arguments);
    running = machine.spawn(PROCESS, command, environment);
    meantToRun = true;
  }

  /** {@code kill -9} of the daemon; what it started lives on. */
  public synchronized void kill() throws IOException {
    signal("KILL");
    // One that was started a moment ago has not written its number yet, and the last one's is
    // there.
    if (!LocalCluster.await(AGAIN, () -> !alive())) {
      signal("KILL");
    }
    awaitEnd();
  }

  /** SIGTERM, and waits for the end. */
  public synchronized void stop() throws IOException {
    signal("TERM");
    awaitEnd();
  }

  /** Asks it to stop and does not wait. */
  public synchronized void terminate() throws IOException {
    signal("TERM");
  }

  /** SIGSTOP: the daemon stands still, its connections stay open. */
  public synchronized void pause() throws IOException {
    if (alive()) {
      run("kill -STOP $(cat " + PROCESS + ".pid)");
    }
  }

  /** SIGCONT. */
  public synchronized void resume() throws IOException {
    if (alive()) {
      run("kill -CONT $(cat " + PROCESS + ".pid)");
    }
  }

  private void signal(String name) throws IOException {
    meantToRun = false;
    if (alive()) {
      run("kill -" + name + " $(cat " + PROCESS + ".pid) 2>/dev/null || true");
    }
  }

  private void awaitEnd() throws IOException {
    if (!LocalCluster.await(STOP_MAX, () -> !alive())) {
      throw new IOException(name() + " does not end: see " + directory() + "/daemon.log");
    }
  }

  @Override
  public String toString() {
    return name();
  }
}
