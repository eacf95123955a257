package io.quorate.agent.docker.request;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The flags of {@code docker run}, which is what {@code docker.parameters} of a task are (Mesos
 * 4.9), and what each makes of a request. They are those of Docker 28. A flag that there is not is
 * refused by its name, and so is one that would take the container out of the agent's hands or read
 * a file of its host.
 */
final class RunFlags {
  /** A flag that is not set, and why. */
  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("name", "the agent names its containers"),
          Map.entry("detach", "the agent waits for its containers"),
          Map.entry("cidfile", "it names a file of the agent's host"),
          Map.entry("env-file", "it names a file of the agent's host"),
          Map.entry("label-file", "it names a file of the agent's host"),
          Map.entry("help", "it runs nothing"),
          Map.entry("use-api-socket", "mount the socket as a volume, and see docs/secure.md"),
          Map.entry("cpu-count", "it is for Windows"),
          Map.entry("cpu-percent", "it is for Windows"),
          Map.entry("io-maxbandwidth", "it is for Windows"),
          Map.entry("io-maxiops", "it is for Windows"));

  /** They concern the terminal of the program docker, of which there is none here. */
  private static final Set<String> OF_THE_PROGRAM =
      Set.of("attach", "detach-keys", "disable-content-trust", "quiet", "sig-proxy");

  private static final Map<String, BiConsumer<CreateRequest, String>> FLAGS = flags();

  private RunFlags() {}

  /**
   * Sets a flag.
   *
   * @throws IllegalArgumentException if it cannot be set; the message is for the framework
   */
  static void set(CreateRequest request, String flag, String value) {
    String where = "'container.docker.parameters' '" + flag + "' ";
    if (REFUSED.containsKey(flag)) {
      throw new IllegalArgumentException(where + "cannot be set: " + REFUSED.get(flag));
    }
    if (OF_THE_PROGRAM.contains(flag)) {
      return;
    }
    BiConsumer<CreateRequest, String> setter = FLAGS.get(flag);
    if (setter == null) {
      throw new IllegalArgumentException(where + "is no flag of docker run");
    }
    try {
      setter.accept(request, value);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(where + e.getMessage(), e);
    }
  }

  private static Map<String, BiConsumer<CreateRequest, String>> flags() {
    Map<String, BiConsumer<CreateRequest, String>> flags = new TreeMap<>();
    container(flags);
    process(flags);
    network(flags);
    resources(flags);
    devices(flags);
    storage(flags);
    health(flags);
    return flags;
  }

  private static BiConsumer<CreateRequest, String> text(String field) {
    return (request, value) -> request.host().put(field, value);
  }

  private static BiConsumer<CreateRequest, String> own(String field) {
    return (request, value) -> request.container().put(field, value);
  }

  private static BiConsumer<CreateRequest, String> add(String list) {
    return (request, value) -> request.hostList(list).add(value);
  }

  private static BiConsumer<CreateRequest, String> number(
      String field, Function<String, Long> reader) {
    return (request, value) -> request.host().put(field, reader.apply(value));
  }

  private static BiConsumer<CreateRequest, String> bool(String field) {
    return (request, value) -> request.host().put(field, FlagSyntax.bool(value));
  }

  private static BiConsumer<CreateRequest, String> entry(String field) {
    return (request, value) -> {
      Map.Entry<String, String> pair = FlagSyntax.pair(value);
      request.host().withObject("/" + field).put(pair.getKey(), pair.getValue());
    };
  }

  private static void container(Map<String, BiConsumer<CreateRequest, String>> flags) {
    flags.put("annotation", entry("Annotations"));
    flags.put("cgroup-parent", text("CgroupParent"));
    flags.put("cgroupns", text("CgroupnsMode"));
    flags.put("domainname", own("Domainname"));
    flags.put("hostname", own("Hostname"));
    flags.put("ipc", text("IpcMode"));
    flags.put("isolation", text("Isolation"));
    flags.put("label", RunFlags::label);
    flags.put("log-driver", (request, value) -> log(request).put("Type", value));
    flags.put(
        "log-opt",
        (request, value) -> {
          Map.Entry<String, String> pair = FlagSyntax.pair(value);
          log(request).withObject("/Config").put(pair.getKey(), pair.getValue());
        });
    flags.put("pid", text("PidMode"));
    flags.put("platform", CreateRequest::platform);
    flags.put("privileged", bool("Privileged"));
    flags.put("pull", RunFlags::pull);
    flags.put("restart", RunFlags::restart);
    flags.put("rm", (request, value) -> request.removeAtEnd(FlagSyntax.bool(value)));
    flags.put("runtime", text("Runtime"));
    flags.put("security-opt", RunFlags::security);
    flags.put("userns", text("UsernsMode"));
    flags.put("uts", text("UTSMode"));
  }

  private static ObjectNode log(CreateRequest request) {
    return request.host().withObject("/LogConfig");
  }

  private static void label(CreateRequest request, String value) {
    int equals = value.indexOf('=');
    String name = equals < 0 ? value : value.substring(0, equals);
    if (name.startsWith(ContainerLabels.PREFIX)) {
      throw new IllegalArgumentException("must not begin with " + ContainerLabels.PREFIX);
    }
    request.label(name, equals < 0 ? "" : value.substring(equals + 1));
  }

  private static void pull(CreateRequest request, String value) {
    switch (value) {
      case "always" -> request.pullAlways(true);
      case "missing" -> request.pullAlways(false);
      default ->
          throw new IllegalArgumentException("must be always or missing, not '" + value + "'");
    }
  }

  private static void restart(CreateRequest request, String value) {
    if (!value.equals("no")) {
      throw new IllegalArgumentException(
          "cannot be set: what starts a task again is its framework");
    }
    request.host().putObject("RestartPolicy").put("Name", "no");
  }

  /** The program docker reads the file of a profile of seccomp; here nobody does. */
  private static void security(CreateRequest request, String value) {
    String option = value.replaceFirst("^(seccomp|apparmor|label|systempaths):", "$1=");
    if (option.equals("systempaths=unconfined")) {
      request.host().putArray("MaskedPaths");
      request.host().putArray("ReadonlyPaths");
      return;
    }
    String profile = option.startsWith("seccomp=") ? option.substring("seccomp=".length()) : "";
    boolean inline = profile.startsWith("{");
    if (!profile.isEmpty() && !inline && !List.of("unconfined", "builtin").contains(profile)) {
      throw new IllegalArgumentException(
          "takes seccomp=unconfined, builtin or the profile itself as JSON, and no file");
    }
    request.hostList("SecurityOpt").add(option);
  }

  private static void process(Map<String, BiConsumer<CreateRequest, String>> flags) {
    flags.put("cap-add", add("CapAdd"));
    flags.put("cap-drop", add("CapDrop"));
    flags.put(
        "entrypoint",
        (request, value) -> {
          request.container().putArray("Entrypoint").add(value);
        });
    flags.put(
        "env",
        (request, value) -> {
          Map.Entry<String, String> pair = FlagSyntax.pair(value);
          request.variable(pair.getKey(), pair.getValue());
        });
    flags.put("group-add", add("GroupAdd"));
    flags.put("init", bool("Init"));
    flags.put(
        "interactive",
        (request, value) -> request.container().put("OpenStdin", FlagSyntax.bool(value)));
    flags.put("oom-kill-disable", bool("OomKillDisable"));
    flags.put("oom-score-adj", number("OomScoreAdj", FlagSyntax::number));
    flags.put("stop-signal", own("StopSignal"));
    flags.put(
        "stop-timeout",
        (request, value) -> request.container().put("StopTimeout", FlagSyntax.number(value)));
    flags.put("sysctl", entry("Sysctls"));
    flags.put("tty", (request, value) -> request.container().put("Tty", FlagSyntax.bool(value)));
    flags.put("ulimit", RunFlags::ulimit);
    flags.put("user", own("User"));
    flags.put("workdir", own("WorkingDir"));
  }

  private static void ulimit(CreateRequest request, String value) {
    Map.Entry<String, String> pair = FlagSyntax.pair(value);
    String[] bounds = pair.getValue().split(":", -1);
    if (bounds.length > 2) {
      throw new IllegalArgumentException("must be name=soft:hard, not '" + value + "'");
    }
    request
        .hostList("Ulimits")
        .addObject()
        .put("Name", pair.getKey())
        .put("Soft", FlagSyntax.number(bounds[0]))
        .put("Hard", FlagSyntax.number(bounds[bounds.length - 1]));
  }

  private static void network(Map<String, BiConsumer<CreateRequest, String>> flags) {
    flags.put("add-host", add("ExtraHosts"));
    flags.put("dns", add("Dns"));
    flags.put("dns-opt", add("DnsOptions"));
    flags.put("dns-option", add("DnsOptions"));
    flags.put("dns-search", add("DnsSearch"));
    flags.put("expose", PublishFlags::expose);
    flags.put("ip", (request, value) -> request.address("IPv4Address", value));
    flags.put("ip6", (request, value) -> request.address("IPv6Address", value));
    flags.put("link", CreateRequest::link);
    flags.put("mac-address", own("MacAddress"));
    flags.put("net", PublishFlags::network);
    flags.put("net-alias", CreateRequest::alias);
    flags.put("network", PublishFlags::network);
    flags.put("network-alias", CreateRequest::alias);
    flags.put("publish", PublishFlags::publish);
    flags.put("publish-all", bool("PublishAllPorts"));
  }

  private static void resources(Map<String, BiConsumer<CreateRequest, String>> flags) {
    flags.put("blkio-weight", number("BlkioWeight", FlagSyntax::number));
    flags.put("cpu-period", number("CpuPeriod", FlagSyntax::number));
    flags.put("cpu-quota", number("CpuQuota", FlagSyntax::number));
    flags.put("cpu-rt-period", number("CpuRealtimePeriod", FlagSyntax::number));
    flags.put("cpu-rt-runtime", number("CpuRealtimeRuntime", FlagSyntax::number));
    flags.put("cpu-shares", number("CpuShares", FlagSyntax::number));
    flags.put("cpus", number("NanoCpus", FlagSyntax::nanoCpus));
    flags.put("cpuset-cpus", text("CpusetCpus"));
    flags.put("cpuset-mems", text("CpusetMems"));
    flags.put("kernel-memory", number("KernelMemory", FlagSyntax::bytes));
    flags.put("memory", number("Memory", FlagSyntax::bytes));
    flags.put("memory-reservation", number("MemoryReservation", FlagSyntax::bytes));
    flags.put("memory-swap", number("MemorySwap", FlagSyntax::bytes));
    flags.put("memory-swappiness", number("MemorySwappiness", FlagSyntax::number));
    flags.put("pids-limit", number("PidsLimit", FlagSyntax::number));
    flags.put("shm-size", number("ShmSize", FlagSyntax::bytes));
  }

  private static void devices(Map<String, BiConsumer<CreateRequest, String>> flags) {
    flags.put("blkio-weight-device", rate("BlkioWeightDevice", "Weight", FlagSyntax::number));
    flags.put("device", RunFlags::device);
    flags.put("device-cgroup-rule", add("DeviceCgroupRules"));
    flags.put("device-read-bps", rate("BlkioDeviceReadBps", "Rate", FlagSyntax::bytes));
    flags.put("device-read-iops", rate("BlkioDeviceReadIOps", "Rate", FlagSyntax::number));
    flags.put("device-write-bps", rate("BlkioDeviceWriteBps", "Rate", FlagSyntax::bytes));
    flags.put("device-write-iops", rate("BlkioDeviceWriteIOps", "Rate", FlagSyntax::number));
    flags.put("gpus", RunFlags::gpus);
  }

  private static BiConsumer<CreateRequest, String> rate(
      String list, String field, Function<String, Long> reader) {
    return (request, value) -> {
      int colon = value.lastIndexOf(':');
      if (colon < 1) {
        throw new IllegalArgumentException("must be path:number, not '" + value + "'");
      }
      request
          .hostList(list)
          .addObject()
          .put("Path", value.substring(0, colon))
          .put(field, reader.apply(value.substring(colon + 1)));
    };
  }

  private static void device(CreateRequest request, String value) {
    String[] parts = value.split(":", -1);
    boolean permissions = parts.length == 2 && parts[1].matches("[rwm]+");
    if (parts.length > 3 || parts[0].isEmpty()) {
      throw new IllegalArgumentException("must be path:path:rwm, not '" + value + "'");
    }
    request
        .hostList("Devices")
        .addObject()
        .put("PathOnHost", parts[0])
        .put("PathInContainer", parts.length > 1 && !permissions ? parts[1] : parts[0])
        .put("CgroupPermissions", permissions ? parts[1] : parts.length == 3 ? parts[2] : "rwm");
  }

  private static void gpus(CreateRequest request, String value) {
    ObjectNode asked = request.hostList("DeviceRequests").addObject();
    Map<String, List<String>> fields = FlagSyntax.fields(value);
    asked.withArray("Capabilities").addArray().add("gpu");
    if (fields.containsKey("device")) {
      for (String device : fields.get("device").get(0).split(",")) {
        asked.withArray("DeviceIDs").add(device);
      }
      return;
    }
    String count = fields.containsKey("count") ? fields.get("count").get(0) : value;
    asked.put("Count", count.equals("all") ? -1 : FlagSyntax.number(count));
  }

  private static void storage(Map<String, BiConsumer<CreateRequest, String>> flags) {
    flags.put("mount", MountFlags::mount);
    flags.put("read-only", bool("ReadonlyRootfs"));
    flags.put("storage-opt", entry("StorageOpt"));
    flags.put("tmpfs", MountFlags::tmpfs);
    flags.put("volume", MountFlags::volume);
    flags.put("volume-driver", text("VolumeDriver"));
    flags.put("volumes-from", add("VolumesFrom"));
  }

  private static void health(Map<String, BiConsumer<CreateRequest, String>> flags) {
    flags.put(
        "health-cmd",
        (request, value) -> {
          health(request).putArray("Test").add("CMD-SHELL").add(value);
        });
    flags.put("health-interval", healthTime("Interval"));
    flags.put("health-timeout", healthTime("Timeout"));
    flags.put("health-start-period", healthTime("StartPeriod"));
    flags.put("health-start-interval", healthTime("StartInterval"));
    flags.put(
        "health-retries",
        (request, value) -> health(request).put("Retries", FlagSyntax.number(value)));
    flags.put(
        "no-healthcheck",
        (request, value) -> {
          if (FlagSyntax.bool(value)) {
            health(request).putArray("Test").add("NONE");
          }
        });
  }

  private static BiConsumer<CreateRequest, String> healthTime(String field) {
    return (request, value) -> health(request).put(field, FlagSyntax.nanos(value));
  }

  private static ObjectNode health(CreateRequest request) {
    return request.container().withObject("/Healthcheck");
  }
}
