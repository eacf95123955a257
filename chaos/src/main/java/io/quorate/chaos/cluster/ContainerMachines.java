package io.quorate.chaos.cluster;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.CreateContainerCmd;
import com.github.dockerjava.api.exception.DockerException;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.Container;
import com.github.dockerjava.api.model.ContainerMount;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Network.Ipam;
import com.github.dockerjava.api.model.PropagationMode;
import com.github.dockerjava.api.model.SELContext;
import com.github.dockerjava.api.model.Volume;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.net.NetworkInterface;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.utility.DockerImageName;

/**
 * Machines that are containers on one private network; needs a Docker daemon, or root to start one,
 * and no registry. They share no files but the directories that they are given, and nothing else.
 */
public final class ContainerMachines implements Machines {
  private static final Duration ANSWERS_MAX = Duration.ofSeconds(20);
  private static final String LABEL = "io.quorate.chaos.owner";
  private static final String PREFIX = "qrc";
  private static final String BRIDGE = "com.docker.network.bridge.name";
  private static final int ID_LENGTH = 12;
  private static final int SUBNETS = 200;
  private static final Duration EXIT_MAX = Duration.ofSeconds(20);

  private final Owner owner = Owner.self();
  private final String id = PREFIX + Long.toString(owner.pid(), 36);
  private final Dockerd dockerd = Dockerd.ensure();
  private final List<Path> shared = new ArrayList<>();
  private final List<ContainerMachine> machines = new CopyOnWriteArrayList<>();
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
      // The pool keeps connections to a daemon that ended since: each fails once.
      LocalCluster.await(ANSWERS_MAX, this::answers);
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

  private boolean answers() {
    try {
      docker.pingCmd().exec();
      return true;
    } catch (RuntimeException e) {
      return false;
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
            .map(address -> address.getHostAddress())
            .toList();
    for (int i = 0; i < SUBNETS; i++) {
      String prefix = "10.211." + i;
      if (taken.stream().anyMatch(address -> address.startsWith(prefix + "."))) {
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
  public ClusterMachine create(String name, int number, Path directory) throws IOException {
    String ip = subnet + "." + number;
    GenericContainer<?> container =
        new GenericContainer<>(DockerImageName.parse(image.name()))
            .withImagePullPolicy(wanted -> false)
            .withNetwork(network)
            .withLabel(LABEL, owner.toString())
            .withCommand("sleep", "infinity")
            .withCreateContainerCmdModifier(command -> configure(command, name, ip, directory));
    ContainerMachine machine =
        new ContainerMachine(id, bridge(), name, ip, directory.toAbsolutePath(), container, image);
    machines.add(machine);
    machine.start();
    return machine;
  }

  /** As Docker calls the device that the network is on this machine. */
  private String bridge() {
    String made = network.getId();
    Map<String, String> options =
        docker.inspectNetworkCmd().withNetworkId(made).exec().getOptions();
    return options.getOrDefault(BRIDGE, "br-" + made.substring(0, ID_LENGTH));
  }

  private void configure(CreateContainerCmd command, String name, String ip, Path directory) {
    List<Bind> binds = new ArrayList<>();
    for (Path path : shared) {
      binds.add(
          new Bind(path.toAbsolutePath().toString(), new Volume(path.toAbsolutePath().toString())));
    }
    String own = directory.toAbsolutePath().toString();
    binds.add(
        new Bind(
            own,
            new Volume(own),
            AccessMode.rw,
            SELContext.DEFAULT,
            null,
            // A small disk may be mounted below.
            PropagationMode.RSLAVE));
    command.withHostName(name).withIpv4Address(ip);
    HostConfig host = command.getHostConfig();
    // An init of Docker's own is the first process: what a killed daemon leaves is its to reap.
    host.withInit(true).withCapAdd(Capability.NET_ADMIN).withBinds(binds);
  }

  /** What a harness left that was killed. */
  private void removeOrphans() throws IOException {
    for (Container container : docker.listContainersCmd().withShowAll(true).exec()) {
      if (isOrphan(container.getLabels())) {
        docker.removeContainerCmd(container.getId()).withForce(true).exec();
        for (ContainerMount mount : container.getMounts()) {
          if (PropagationMode.RSLAVE.toString().equals(mount.getPropagation())) {
            Mounts.unshare(mount.getSource());
          }
        }
      }
    }
    for (com.github.dockerjava.api.model.Network network : docker.listNetworksCmd().exec()) {
      if (isOrphan(network.getLabels())) {
        docker.removeNetworkCmd(network.getId()).exec();
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
      machines.parallelStream().forEach(ContainerMachine::remove);
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
}
