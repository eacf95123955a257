package io.quorate.chaos.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.async.ResultCallback;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.command.InspectExecResponse;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.Frame;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.Volume;
import io.quorate.cli.cluster.LocalCluster;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * Machines that are containers on one private network; needs a Docker daemon, or root to start one,
 * and no registry. They share no files but the directories that they are given, and nothing else.
 */
public final class ContainerMachines implements Machines {
  private static final String LABEL = "io.quorate.chaos.owner";
  private static final int SUBNETS = 200;
  private static final Duration EXIT_MAX = Duration.ofSeconds(20);
  private static final Duration SPAWN_MAX = Duration.ofSeconds(30);

  private final Owner owner = Owner.self();
  private final Dockerd dockerd = Dockerd.ensure();
  private final List<Path> shared = new ArrayList<>();
  private final List<GenericContainer<?>> machines = new CopyOnWriteArrayList<>();
  private final Thread atExit = new Thread(this::removeAtExit);
  private DockerClient docker;
  private ContainerImage image;
  private Network network;
  private String subnet;

  /**
   * Finds or starts a Docker daemon, and builds the image unless it is there: minutes the first
   * time.
   *
   * @throws IOException if this machine does not allow it; says what is missing
   */
  public ContainerMachines() throws IOException {
    Runtime.getRuntime().addShutdownHook(atExit);
    try {
      docker = DockerClientFactory.instance().client();
      removeOrphans();
      image = new ContainerImage(docker);
      network = network();
    } catch (RuntimeException e) {
      close();
      throw new IOException("Docker: " + e.getMessage(), e);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public String name() {
    return "containers";
  }

  @Override
  public void share(Path directory) {
    shared.add(directory);
  }

  /** The first of 10.211.x that nobody on this machine uses; no way leads out of it. */
  private Network network() throws IOException {
    List<String> taken =
        NetworkInterface.networkInterfaces()
            .flatMap(NetworkInterface::inetAddresses)
            .map(each -> each.getHostAddress())
            .toList();
    for (int i = 0; i < SUBNETS; i++) {
      String prefix = "10.211." + i;
      if (taken.stream().anyMatch(each -> each.startsWith(prefix + "."))) {
        continue;
      }
      Ipam.Config config =
          new Ipam.Config().withSubnet(prefix + ".0/24").withGateway(prefix + ".1");
      Network made =
          Network.builder()
              .driver("bridge")
              .createNetworkCmdModifier(
                  command ->
                      command
                          .withInternal(true)
                          .withLabels(Map.of(LABEL, owner.toString()))
                          .withIpam(new Ipam().withConfig(config)))
              .build();
      try {
        made.getId();
      } catch (DockerException e) {
        if (e.getMessage().contains("overlaps")) {
          // Somebody was faster.
          continue;
        }
        throw e;
      }
      subnet = prefix;
      return made;
    }
    throw new IOException("no free network 10.211.x.0/24 is left on this machine");
  }

  @Override
  public Machine create(String name, int number, Path directory) throws IOException {
    String ip = subnet + "." + number;
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image.name()))
            .withImagePullPolicy(wanted -> false)
            .withNetwork(network)
            .withLabel(LABEL, owner.toString())
            .withCommand("sleep", "infinity")
            .withCreateContainerCmdModifier(command -> configure(command, name, ip, directory));
    machines.add(container);
    try {
      container.start();
    } catch (RuntimeException e) {
      throw new IOException("no container " + name + ": " + e.getMessage(), e);
    }
    return new Contained(name, ip, directory.toAbsolutePath(), container);
  }

  private void configure(CreateContainerCmd command, String name, String ip, Path directory) {
    List<Bind> binds = new ArrayList<>();
    for (Path each : shared) {
      binds.add(
          new Bind(each.toAbsolutePath().toString(), new Volume(each.toAbsolutePath().toString())));
    }
    binds.add(
        new Bind(
            directory.toAbsolutePath().toString(),
            new Volume(directory.toAbsolutePath().toString())));
    command.withHostName(name).withIpv4Address(ip);
    HostConfig host = command.getHostConfig();
    // An init of Docker's own is the first process: what a killed daemon leaves is its to reap.
    host.withInit(true).withCapAdd(Capability.NET_ADMIN).withBinds(binds);
  }

  /** What a harness left that was killed. */
  private void removeOrphans() throws IOException {
    for (Container each : docker.listContainersCmd().withShowAll(true).exec()) {
      if (isOrphan(each.getLabels())) {
        docker.removeContainerCmd(each.getId()).withForce(true).exec();
      }
    }
    for (com.github.dockerjava.api.model.Network each : docker.listNetworksCmd().exec()) {
      if (isOrphan(each.getLabels())) {
        docker.removeNetworkCmd(each.getId()).exec();
      }
    }
  }

  private static boolean isOrphan(Map<String, String> labels) throws IOException {
    Optional<Owner> who = Optional.ofNullable(labels.get(LABEL)).flatMap(Owner::parse);
    return who.isPresent() && who.get().isGone();
  }

  /** A hook of Testcontainers removes containers at the same time, and minds if another does. */
  private void removeAtExit() {
    try {
      List<String> mine = List.of(LABEL + "=" + owner);
      LocalCluster.await(
          EXIT_MAX,
          () ->
              docker.listContainersCmd().withShowAll(true).withLabelFilter(mine).exec().isEmpty());
    } catch (RuntimeException e) {
      System.err.println("quorate: Docker: " + e.getMessage());
    }
    remove();
  }

  private synchronized void remove() {
    try {
      machines.parallelStream().forEach(GenericContainer::stop);
      if (network != null) {
        network.close();
      }
    } catch (RuntimeException e) {
      System.err.println("quorate: not removed: " + e.getMessage());
    }
    machines.clear();
    network = null;
    dockerd.close();
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException e) {
      // The end has begun; the hook does the same, once.
    }
    remove();
  }

  private final class Contained implements Machine {
    // What the script leaves behind would hold a pipe open; a file it may keep.
    private static final String RUN =
        "out=$(mktemp); timeout -s KILL \"$2\" sh -c \"$1\" >\"$out\" 2>&1 </dev/null; status=$?;"
            + " cat \"$out\"; rm \"$out\"; exit $status";
    private static final int KILLED = 137;

    private final String name;
    private final String ip;
    private final Path directory;
    private final GenericContainer<?> container;

    Contained(String name, String ip, Path directory, GenericContainer<?> container) {
      this.name = name;
      this.ip = ip;
      this.directory = directory;
      this.container = container;
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
            docker
                .execCreateCmd(container.getContainerId())
                .withEnv(
                    environment.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList())
                .withCmd("sh", "-c", script)
                .exec()
                .getId();
        docker
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
  }

  /** What Docker runs in a container. */
  private final class Executed implements Machine.Running {
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
          InspectExecResponse now = docker.inspectExecCmd(exec).exec();
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
