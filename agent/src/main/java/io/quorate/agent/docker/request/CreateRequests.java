package io.quorate.agent.docker.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.MountPropagation;
import io.quorate.protocol.v1.NetworkInfo;
import io.quorate.protocol.v1.Parameter;
import io.quorate.protocol.v1.RLimitInfo;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.Volume;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Makes the request for a container of what its task says (Mesos 4.9). It is a pure function. What
 * cannot be asked of Docker is refused with an {@link IllegalArgumentException} that names the
 * field, for the framework.
 */
public final class CreateRequests {
  /** Where a container finds its sandbox (CP-344). */
  public static final String SANDBOX = "/mnt/mesos/sandbox";

  /** What the limits of a container are in the words of the Engine API. */
  private static final long SHARES_PER_CPU = 1024;

  private static final long SHARES_MIN = 2;
  private static final long PERIOD_MICROS = 100_000;
  private static final long QUOTA_MICROS_MIN = 1_000;
  private static final long BYTES_MIN = 32L << 20;

  private CreateRequests() {}

  /** Makes the request. Parameters come last and win, as with Mesos's {@code docker run}. */
  public static CreateRequest of(ContainerSpec spec) {
    ContainerInfo.DockerInfo docker = spec.info().getDocker();
    if (docker.getImage().isBlank()) {
      throw new IllegalArgumentException("'container.docker.image' is empty: it must name one");
    }
    CreateRequest request = new CreateRequest();
    request.container().put("Image", docker.getImage());
    spec.labels().forEach(request::label);
    spec.environment().forEach(request::variable);
    request.variable("MESOS_SANDBOX", SANDBOX);
    request.variable("MESOS_CONTAINER_NAME", ContainerLabels.name(spec.container()));
    command(request, spec);
    amounts(request.host(), spec.amounts(), spec.quota());
    gpus(request, spec);
    if (docker.getPrivileged()) {
      request.host().put("Privileged", true);
    }
    if (spec.info().hasHostname()) {
      request.container().put("Hostname", spec.info().getHostname());
    }
    if (spec.info().hasTtyInfo()) {
      request.container().put("Tty", true);
    }
    ulimits(request, spec.info());
    network(request, spec);
    volumes(request, spec);
    for (Parameter parameter : docker.getParametersList()) {
      RunFlags.set(request, parameter.getKey(), parameter.getValue());
    }
    return request;
  }

  /**
   * With a shell the image's entrypoint gives way to it; without one the entrypoint gets the value
   * and the arguments, and a command without both is the image's own.
   */
  private static void command(CreateRequest request, ContainerSpec spec) {
    if (spec.command().getShell()) {
      if (!spec.command().hasValue()) {
        throw new IllegalArgumentException(
            "'command.value' is not set, but 'command.shell' is: set it to false to run what the"
                + " image says");
      }
      request.container().putArray("Entrypoint").add("/bin/sh");
      request.container().putArray("Cmd").add("-c").add(spec.command().getValue());
      return;
    }
    if (spec.command().hasValue()) {
      request.list("Cmd").add(spec.command().getValue());
    }
    spec.command().getArgumentsList().forEach(argument -> request.list("Cmd").add(argument));
  }

  /**
   * What it may use: cpus are a weight, and a quota where a limit says so; memory is a hard limit,
   * and a soft one where the limit is higher (Mesos 4.9, 4.10).
   */
  public static void amounts(ObjectNode host, ContainerResources amounts, boolean quota) {
    if (amounts.cpus() > 0) {
      host.put("CpuShares", Math.max(SHARES_MIN, (long) (SHARES_PER_CPU * amounts.cpus())));
    }
    boolean limited = amounts.cpusMax() > amounts.cpus();
    if (amounts.cpusMax() > 0 && !Double.isInfinite(amounts.cpusMax()) && (quota || limited)) {
      host.put("CpuPeriod", PERIOD_MICROS);
      host.put("CpuQuota", Math.max(QUOTA_MICROS_MIN, (long) (PERIOD_MICROS * amounts.cpusMax())));
    }
    if (amounts.memBytes() > 0) {
      long soft = Math.max(BYTES_MIN, amounts.memBytes());
      if (Double.isInfinite(amounts.memBytesMax())) {
        host.put("MemoryReservation", soft);
      } else {
        long hard = Math.max(soft, (long) amounts.memBytesMax());
        host.put("Memory", hard);
        if (hard > soft) {
          host.put("MemoryReservation", soft);
        }
      }
    }
  }

  private static void gpus(CreateRequest request, ContainerSpec spec) {
    long millis = Resources.of(spec.resources()).scalarMillis("gpus");
    if (millis > 0) {
      ObjectNode asked = request.hostList("DeviceRequests").addObject();
      asked.put("Count", millis / 1000).withArray("Capabilities").addArray().add("gpu");
    }
  }

  /** The bounds of processes, which Mesos gives its own containers only. */
  private static void ulimits(CreateRequest request, ContainerInfo info) {
    for (RLimitInfo.RLimit limit : info.getRlimitInfo().getRlimitsList()) {
      String name = limit.getType().name();
      if (!name.startsWith("RLMT_")) {
        throw new IllegalArgumentException(
            "'container.rlimit_info.rlimits' has a limit of no known type");
      }
      if (limit.hasHard() != limit.hasSoft()) {
        throw new IllegalArgumentException(
            "'container.rlimit_info.rlimits' of " + name + " must have both bounds or none");
      }
      request
          .hostList("Ulimits")
          .addObject()
          .put("Name", name.substring("RLMT_".length()).toLowerCase(Locale.ROOT))
          .put("Soft", limit.hasSoft() ? limit.getSoft() : -1)
          .put("Hard", limit.hasHard() ? limit.getHard() : -1);
    }
  }

  // -- Networks ---------------------------------------------------------------------------------

  private static void network(CreateRequest request, ContainerSpec spec) {
    ContainerInfo.DockerInfo docker = spec.info().getDocker();
    ContainerInfo.DockerInfo.Network network = docker.getNetwork();
    switch (network) {
      case HOST -> request.network("host");
      case BRIDGE -> request.network("bridge");
      case NONE -> request.network("none");
      case USER -> {
        for (NetworkInfo info : spec.info().getNetworkInfosList()) {
          if (!info.hasName()) {
            throw new IllegalArgumentException(
                "'container.network_infos' must have a 'name' for the network USER");
          }
          request.network(info.getName());
          info.getIpAddressesList().stream()
              .filter(NetworkInfo.IPAddress::hasIpAddress)
              .forEach(address -> address(request, address));
        }
        if (spec.info().getNetworkInfosCount() == 0) {
          throw new IllegalArgumentException(
              "'container.network_infos' must name the network that USER means");
        }
      }
    }
    for (ContainerInfo.DockerInfo.PortMapping mapping : docker.getPortMappingsList()) {
      publish(
          request, spec, mapping.getHostPort(), mapping.getContainerPort(), mapping.getProtocol());
    }
    for (NetworkInfo info : spec.info().getNetworkInfosList()) {
      for (NetworkInfo.PortMapping mapping : info.getPortMappingsList()) {
        publish(
            request,
            spec,
            mapping.getHostPort(),
            mapping.getContainerPort(),
            mapping.getProtocol());
      }
    }
  }

  private static void address(CreateRequest request, NetworkInfo.IPAddress address) {
    boolean six = address.getProtocol() == NetworkInfo.Protocol.IPv6;
    request.address(six ? "IPv6Address" : "IPv4Address", address.getIpAddress());
  }

  /** A port of the host must be one that the task was given (Mesos 4.9). */
  private static void publish(
      CreateRequest request, ContainerSpec spec, int hostPort, int port, String protocol) {
    ContainerInfo.DockerInfo.Network network = spec.info().getDocker().getNetwork();
    if (network != ContainerInfo.DockerInfo.Network.BRIDGE
        && network != ContainerInfo.DockerInfo.Network.USER) {
      throw new IllegalArgumentException(
          "'container.docker.port_mappings' go with the networks BRIDGE and USER, not with "
              + network);
    }
    boolean given =
        spec.resources().stream()
            .filter(resource -> resource.getName().equals("ports"))
            .flatMap(resource -> resource.getRanges().getRangeList().stream())
            .anyMatch(range -> range.getBegin() <= hostPort && hostPort <= range.getEnd());
    if (!given) {
      throw new IllegalArgumentException(
          "'container.docker.port_mappings': port "
              + hostPort
              + " is not among the 'ports' that the task was given");
    }
    try {
      request.publish("", Integer.toString(hostPort), port, FlagSyntax.protocol(protocol));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'container.docker.port_mappings' " + e.getMessage(), e);
    }
  }

  // -- Volumes ----------------------------------------------------------------------------------

  private static void volumes(CreateRequest request, ContainerSpec spec) {
    // By mounts and not by binds wherever the source is there: a bind has no colon in its paths.
    request.mount("bind", spec.sandbox().toString(), SANDBOX, false);
    for (Resource resource : spec.resources()) {
      if (resource.getDisk().hasPersistence()) {
        Volume volume = resource.getDisk().getVolume();
        request.mount(
            "bind",
            spec.volume().apply(resource).toString(),
            target(volume),
            volume.getMode() == Volume.Mode.RO);
      }
    }
    for (Volume volume : spec.info().getVolumesList()) {
      volume(request, spec, volume);
    }
    if (spec.info().getDocker().hasVolumeDriver()) {
      request.host().put("VolumeDriver", spec.info().getDocker().getVolumeDriver());
    }
  }

  /** A path of the container; a relative one is one of its sandbox. */
  private static String target(Volume volume) {
    Path path = Path.of(volume.getContainerPath());
    return path.isAbsolute()
        ? volume.getContainerPath()
        : Path.of(SANDBOX).resolve(inSandbox("container_path", path)).toString();
  }

  private static Path inSandbox(String field, Path path) {
    Path normal = path.normalize();
    if (normal.startsWith("..") || normal.toString().isEmpty()) {
      throw new IllegalArgumentException(
          "'container.volumes' '" + field + "' must stay in the sandbox, unlike '" + path + "'");
    }
    return normal;
  }

  /** The folders of the sandbox that volumes are of, relative to it; they are made where absent. */
  public static List<Path> sandboxFolders(ContainerInfo info) {
    return info.getVolumesList().stream()
        .map(CreateRequests::hostPath)
        .filter(path -> !path.isEmpty())
        .map(Path::of)
        .filter(path -> !path.isAbsolute())
        .map(path -> inSandbox("host_path", path))
        .toList();
  }

  /** The path on the host; relative to the sandbox or absolute; empty if it has none. */
  private static String hostPath(Volume volume) {
    return switch (volume.getSource().getType()) {
      case HOST_PATH -> volume.getSource().getHostPath().getPath();
      case SANDBOX_PATH -> volume.getSource().getSandboxPath().getPath();
      default -> volume.getHostPath();
    };
  }

  private static void volume(CreateRequest request, ContainerSpec spec, Volume volume) {
    boolean readOnly = volume.getMode() == Volume.Mode.RO;
    Volume.Source source = volume.getSource();
    if (volume.hasImage()) {
      throw new IllegalArgumentException("'container.volumes' 'image' is not part of this release");
    }
    if (source.getType() == Volume.Source.Type.DOCKER_VOLUME) {
      named(request, source.getDockerVolume(), target(volume), readOnly);
      return;
    }
    boolean path =
        !volume.hasSource()
            || source.getType() == Volume.Source.Type.HOST_PATH
            || source.getType() == Volume.Source.Type.SANDBOX_PATH;
    if (!path) {
      throw new IllegalArgumentException(
          "'container.volumes' 'source' of type "
              + source.getType()
              + " is not part of this release");
    }
    Path from = Path.of(hostPath(volume));
    if (from.isAbsolute()) {
      bind(request, volume, from.toString(), readOnly);
      return;
    }
    if (!Path.of(volume.getContainerPath()).isAbsolute()) {
      throw new IllegalArgumentException(
          "'container.volumes' 'host_path' and 'container_path' are both relative: '"
              + volume.getContainerPath()
              + "'");
    }
    String inside = spec.sandbox().resolve(inSandbox("host_path", from)).toString();
    request.mount("bind", inside, target(volume), readOnly);
  }

  /** As {@code docker run -v}, which makes the folder where there is none. */
  private static void bind(CreateRequest request, Volume volume, String from, boolean readOnly) {
    String propagation = propagation(volume.getSource().getHostPath().getMountPropagation());
    String target = target(volume);
    if (from.indexOf(':') >= 0 || target.indexOf(':') >= 0) {
      ObjectNode mount = request.mount("bind", from, target, readOnly);
      if (!propagation.isEmpty()) {
        mount.withObject("/BindOptions").put("Propagation", propagation);
      }
      return;
    }
    String options = (readOnly ? "ro" : "rw") + (propagation.isEmpty() ? "" : "," + propagation);
    request.hostList("Binds").add(from + ":" + target + ":" + options);
  }

  private static String propagation(MountPropagation propagation) {
    return switch (propagation.getMode()) {
      case HOST_TO_CONTAINER -> "rslave";
      case BIDIRECTIONAL -> "rshared";
      case UNKNOWN -> "";
    };
  }

  private static void named(
      CreateRequest request, Volume.Source.DockerVolume volume, String target, boolean readOnly) {
    ObjectNode mount = request.mount("volume", volume.getName(), target, readOnly);
    if (volume.hasDriver() || volume.getDriverOptions().getParameterCount() > 0) {
      ObjectNode driver = mount.withObject("/VolumeOptions").withObject("/DriverConfig");
      driver.put("Name", volume.hasDriver() ? volume.getDriver() : "local");
      for (Parameter option : volume.getDriverOptions().getParameterList()) {
        driver.withObject("/Options").put(option.getKey(), option.getValue());
      }
    }
  }

  /** The labels of a container. */
  public static Map<String, String> labels(
      String agent, String container, String framework, String executor, String task) {
    return Map.of(
        ContainerLabels.AGENT, agent,
        ContainerLabels.CONTAINER, container,
        ContainerLabels.FRAMEWORK, framework,
        ContainerLabels.EXECUTOR, executor,
        ContainerLabels.TASK, task);
  }
}
