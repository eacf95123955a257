package io.quorate.chaos.cluster;

import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Frame;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;

/** A machine that is a container. */
final class ContainerMachine implements ClusterMachine {
  // What the script leaves behind would hold a pipe open; a file it may keep.
  private static final String RUN =
      "out=$(mktemp); timeout -s KILL \"$2\" sh -c \"$1\" >\"$out\" 2>&1 </dev/null; status=$?;"
          + " cat \"$out\"; rm \"$out\"; exit $status";
  private static final int KILLED = 137;
  private static final Duration SPAWN_MAX = Duration.ofSeconds(30);

  private final String id;
  private final String bridge;
  private final String name;
  private final String ip;
  private final Path directory;
  private final GenericContainer<?> container;
  private final ContainerImage image;
  private Process wire;

  /**
   * @param id of the harness, for names on this machine; of up to eight letters and digits
   * @param bridge that its network is, on this machine
   * @param container not started yet
   */
  ContainerMachine(
      String id,
      String bridge,
      String name,
      String ip,
      Path directory,
      GenericContainer<?> container,
      ContainerImage image) {
    this.id = id;
    this.bridge = bridge;
    this.name = name;
    this.ip = ip;
    this.directory = directory;
    this.container = container;
    this.image = image;
  }

  void start() throws IOException {
    Mounts.share(directory);
    try {
      container.start();
    } catch (RuntimeException e) {
      throw new IOException("no container " + name + ": " + e.getMessage(), e);
    }
  }

  /** With all that was made for it. */
  synchronized void remove() {
    if (wire != null) {
      // It would keep the network's namespace alive.
      wire.destroyForcibly();
    }
    try {
      container.stop();
    } finally {
      Mounts.unshare(directory.toString());
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String ip() {
    return ip;
  }

  @Override
  public Path directory() {
    return directory;
  }

  @Override
  public List<String> java(List<String> options) {
    return image.java(options);
  }

  @Override
  public String run(String script, Duration atMost) throws IOException {
    String seconds = Double.toString(atMost.toMillis() / 1000.0);
    ExecResult result;
    try {
      result =
          container.execInContainer(
              "sh", "-c", RUN, "sh", "cd " + directory + "\n" + script, seconds);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (RuntimeException e) {
      throw new IOException("Docker: " + e.getMessage(), e);
    }
    String printed = (result.getStdout() + result.getStderr()).trim();
    if (result.getExitCode() == KILLED) {
      throw new IOException(
          "not done after " + atMost + " on " + name + ": " + script + ": " + printed);
    }
    if (result.getExitCode() != 0) {
      throw new IOException(
          "status " + result.getExitCode() + " on " + name + " of " + script + ": " + printed);
    }
    return printed;
  }

  @Override
  public void smallDisk(String folder, int mebibytes) throws IOException {
    Mounts.small(directory.resolve(folder), mebibytes, id);
  }

  @Override
  public synchronized void wire(Path program, Path control) throws IOException {
    Long init = container.getCurrentContainerInfo().getState().getPidLong();
    wire =
        FaultyCable.lay(
            program,
            control,
            Path.of("/proc", init.toString(), "ns", "net"),
            ip,
            id + ip.substring(ip.lastIndexOf('.')),
            bridge);
  }

  @Override
  public Running spawn(String process, List<String> command, Map<String, String> environment)
      throws IOException {
    Path pid = directory.resolve(process + ".pid");
    // Numbers are small in a container: the old one is somebody else's soon.
    Files.deleteIfExists(pid);
    String script =
        "cd "
            + directory
            + "\nexec >>"
            + process
            + ".log 2>&1 </dev/null\n"
            + "echo $$ >"
            + process
            + ".new && mv "
            + process
            + ".new "
            + process
            + ".pid\n"
            + "exec "
            + Shell.quote(command);
    try {
      String exec =
          container
              .getDockerClient()
              .execCreateCmd(container.getContainerId())
              .withEnv(
                  environment.entrySet().stream()
                      .map(variable -> variable.getKey() + "=" + variable.getValue())
                      .toList())
              .withCmd("sh", "-c", script)
              .exec()
              .getId();
      container
          .getDockerClient()
          .execStartCmd(exec)
          .withDetach(true)
          .exec(new ResultCallback.Adapter<Frame>())
          .awaitCompletion(SPAWN_MAX.toMillis(), TimeUnit.MILLISECONDS);
      if (!LocalCluster.await(SPAWN_MAX, () -> Files.exists(pid))) {
        throw new IOException(process + " does not start on " + name);
      }
      return new Executed(exec);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (RuntimeException e) {
      throw new IOException("Docker: " + e.getMessage(), e);
    }
  }

  /** What Docker runs in a container. */
  private final class Executed implements ClusterMachine.Running {
    private static final int RUNS = -1;
    private static final int UNKNOWN = 255;

    private final String exec;
    private int status = RUNS;

    Executed(String exec) {
      this.exec = exec;
    }

    @Override
    public boolean alive() {
      return status() == RUNS;
    }

    @Override
    public synchronized int status() {
      if (status == RUNS) {
        try {
          InspectExecResponse now = container.getDockerClient().inspectExecCmd(exec).exec();
          if (!now.isRunning()) {
            status = now.getExitCodeLong().intValue();
          }
        } catch (NotFoundException e) {
          // Docker forgets it minutes after its end.
          status = UNKNOWN;
        }
      }
      return status;
    }
  }
}
