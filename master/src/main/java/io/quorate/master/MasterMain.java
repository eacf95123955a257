package io.quorate.master;

import io.quorate.log.raft.LogOptions;
import io.quorate.log.raft.RaftLog;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.http.MasterServer;
import io.quorate.master.http.access.Access;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.server.EventLimits;
import io.quorate.master.http.server.Versions;
import io.quorate.master.http.server.Views;
import io.quorate.master.leader.LeaderEnvironment;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.leader.LoopSettings;
import io.quorate.master.leader.RemovalRate;
import io.quorate.master.state.Tables;
import io.quorate.protocol.auth.PrivateFolder;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.flags.MesosFlags;
import io.quorate.protocol.http.Exposure;
import io.quorate.protocol.http.HttpOptions;
import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.link.SigningKey;
import io.quorate.protocol.process.ParentWatch;
import io.quorate.protocol.text.DurationConverter;
import io.quorate.protocol.text.FlagValues;
import io.quorate.protocol.v1.Address;
import io.quorate.protocol.v1.DomainInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Starts one master. */
@Command(
    name = "quorate master",
    description = "Runs one master of the quorum.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class MasterMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(MasterMain.class);
  private static final String MESOS_VERSION = "1.11.0";
  private static final String VERSION = "0.1.0";

  /** Views list them all; in memory each costs some 200 bytes. */
  private static final int COMPLETED_FRAMEWORKS_LIMIT = 100_000;

  private static final List<MasterInfo.Capability.Type> CAPABILITIES =
      List.of(
          MasterInfo.Capability.Type.AGENT_UPDATE,
          MasterInfo.Capability.Type.AGENT_DRAINING,
          MasterInfo.Capability.Type.QUOTA_V2);

  @Option(names = "--ip", description = "Address to bind (default: ${DEFAULT-VALUE}).")
  private String ip = "127.0.0.1";

  @Option(names = "--port", description = "Port of the HTTP API (default: ${DEFAULT-VALUE}).")
  private int port = 5050;

  @Option(names = "--hostname", description = "Name that clients are told (default: the address).")
  private String hostname;

  @Option(
      names = {"--work_dir", "--work-dir"},
      required = true,
      description = "Directory of this master's data.")
  private Path workDir;

  @Option(
      names = {"--raft_port", "--raft-port"},
      description = "Port that the masters talk on (default: ${DEFAULT-VALUE}).")
  private int raftPort = 5060;

  @Option(
      names = "--quorum",
      split = ",",
      description =
          "All masters, host:raft_port,... The same list on each. For the first start; later the"
              + " members that the log names count.")
  private List<String> quorum = List.of();

  @Option(
      names = "--join",
      description =
          "Start without --quorum, in an empty directory, and wait until this master is added to a"
              + " quorum (quorate members add). No effect once it was.")
  private boolean join;

  @Option(
      names = {"--raft_secret_file", "--raft-secret-file"},
      required = true,
      description = "File with the secret that the masters share; mode 600.")
  private Path raftSecretFile;

  @Option(
      names = {"--agent_secret_file", "--agent-secret-file"},
      description =
          "File with the secret that agents know; mode 600. Without it only agents on this machine"
              + " are let in.")
  private Path agentSecretFile;

  @Mixin private final AllocatorOptions allocation = new AllocatorOptions();

  @Option(
      names = {"--agent_ping_timeout", "--agent-ping-timeout"},
      converter = DurationConverter.class,
      description = "Between two pings to an agent (default: 15secs).")
  private Duration agentPingTimeout = Duration.ofSeconds(15);

  @Option(
      names = {"--max_agent_ping_timeouts", "--max-agent-ping-timeouts"},
      description = "Pings that an agent may miss in a row (default: ${DEFAULT-VALUE}).")
  private int maxAgentPingTimeouts = 5;

  @Option(
      names = {"--agent_reregister_timeout", "--agent-reregister-timeout"},
      converter = DurationConverter.class,
      description =
          "How long an agent may take to come back after the leader changed (default: 10mins).")
  private Duration agentReregisterTimeout = Duration.ofMinutes(10);

  @Option(
      names = {"--agent_removal_rate_limit", "--agent-removal-rate-limit"},
      converter = MesosRate.class,
      description =
          "At most so many agents become unreachable per time, such as 1/10mins (default: no"
              + " limit).")
  private RemovalRate agentRemovalRateLimit;

  @Option(
      names = {"--registry_max_agent_age", "--registry-max-agent-age"},
      converter = DurationConverter.class,
      description = "After this unreachable and gone agents are forgotten (default: 2weeks).")
  private Duration registryMaxAgentAge = Duration.ofDays(14);

  @Option(
      names = "--roles",
      split = ",",
      description = "The only roles that frameworks may have, besides * (default: any).")
  private List<String> roles = List.of();

  @Option(
      names = {"--root_submissions", "--root-submissions"},
      negatable = true,
      fallbackValue = "true",
      defaultValue = "true",
      description = "Whether frameworks may run as root (default: true).")
  private boolean rootSubmissions;

  @Option(
      names = {"--max_completed_frameworks", "--max-completed-frameworks"},
      description = "Frameworks that are over and still shown (default: ${DEFAULT-VALUE}).")
  private int completedFrameworksMax = Policy.DEFAULT.completedFrameworksMax();

  @Option(
      names = {"--max_calls_per_framework", "--max-calls-per-framework"},
      description =
          "Calls of one framework that may wait for their answer; one more gets 429 (default:"
              + " ${DEFAULT-VALUE}).")
  private int callsInFlightMax = 1000;

  @Option(
      names = {"--framework_reconnect_grace", "--framework-reconnect-grace"},
      converter = DurationConverter.class,
      description =
          "How long a framework may take to subscribe again when the leader changed, whatever its"
              + " fail-over time-out (default: 60secs).")
  private Duration frameworkGrace = Duration.ofSeconds(60);

  @Option(
      names = "--domain",
      description =
          "Region and zone of this master, a DomainInfo as JSON (default: none, near to all).")
  private String domain;

  @Option(
      names = {"--max_unread_view_bytes", "--max-unread-view-bytes"},
      description =
          "Bytes of /state and the like that may wait for slow readers; with so many, the next gets"
              + " 503 (default: a quarter of the heap).")
  private long unreadViewBytesMax = Views.Limits.DEFAULT.unreadBytesMax();

  @Option(
      names = {"--view_timeout", "--view-timeout"},
      converter = DurationConverter.class,
      description = "How long a reader of such an answer may take (default: 2mins).")
  private Duration viewTimeout = Views.Limits.DEFAULT.atMost();

  @Option(
      names = {
        "--max_operator_event_stream_subscribers",
        "--max-operator-event-stream-subscribers"
      },
      description =
          "Event streams of operators; the oldest is ended for one more (default:"
              + " ${DEFAULT-VALUE}).")
  private int eventStreamsMax = EventLimits.DEFAULT.subscribersMax();

  @Option(
      names = {"--max_operator_events_remembered", "--max-operator-events-remembered"},
      description =
          "Events that are remembered for streams of operators that come back (default:"
              + " ${DEFAULT-VALUE}).")
  private int eventsRemembered = EventLimits.DEFAULT.eventsMax();

  @Mixin private final VariableOptions variables = new VariableOptions();

  @Spec private CommandSpec spec;

  @Mixin private AccessOptions accessOptions;

  @Mixin private HttpOptions httpOptions;

  @Option(
      names = {"--election_timeout", "--election-timeout"},
      converter = DurationConverter.class,
      description = "How long silence of the leader is borne (default: 1secs).")
  private Duration electionTimeout = Duration.ofSeconds(1);

  /** Exits with 0 after an orderly stop, 1 if the master cannot start, 2 for wrong options. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new MasterMain());
    line.setDefaultValueProvider(new MesosEnvironment());
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          LOG.error("The master cannot start: {}", failure.getMessage(), failure);
          return 1;
        });
    String[] own;
    try {
      own = MesosFlags.ofMaster().own(line, args, System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(CommandLine.ExitCode.USAGE);
      return;
    }
    System.exit(line.execute(own));
  }

  @Override
  public Integer call() throws Exception {
    validateOptions();
    PrivateFolder.make(workDir);
    Optional<SharedSecret> agentSecret =
        agentSecretFile == null
            ? Optional.empty()
            : Optional.of(SharedSecret.read(agentSecretFile));
    byte[] raftSecret = SharedSecret.read(raftSecretFile).bytes();
    Access access = accessOptions.access();
    validateExposure(access);
    Vertx vertx = Vertx.vertx();
    double start = Clock.systemUTC().millis() / 1000.0;
    MasterServer server =
        new MasterServer(
            vertx,
            FaceSettings.of(ip, port, agentSecret)
                .withCallsInFlightMax(callsInFlightMax)
                .with(access)
                .with(accessOptions.rateLimits())
                .with(new Views.Limits(unreadViewBytesMax, viewTimeout))
                .with(new EventLimits(eventStreamsMax, eventsRemembered)),
            httpOptions.settings(ip, hostname == null ? ip : hostname),
            new Versions(MESOS_VERSION, VERSION, start, FlagValues.of(spec)));
    server.clusterKey(SigningKey.ofCluster(raftSecret));
    ScheduledExecutorService core =
        Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "master-core"));
    LeaderLoop loop =
        new LeaderLoop(
            info(),
            settings(access),
            new LeaderEnvironment(
                MasterMain::nanos,
                System::nanoTime,
                core,
                Executors.newCachedThreadPool(MasterMain::allocator),
                () -> UUID.randomUUID().toString()),
            server.streams(),
            server.links());
    LogOptions options =
        LogOptions.of(workDir, ip + ":" + raftPort, quorum, raftSecret, Tables.NAMES)
            .with(electionTimeout, 1000, io.quorate.log.raft.FaultHandler.haltProcess());
    loop.watch(server::committed);
    RaftLog log = RaftLog.open(join ? options.joining() : options, loop.machine(), loop);
    loop.start(log);
    server.start(loop, log, new LogBook(log::journal)).toCompletableFuture().join();
    List<String> members = log.status().members();
    if (members.isEmpty()) {
      LOG.info("Master {}:{} waits to be added: quorate members add {}:{}", ip, port, ip, raftPort);
    } else {
      LOG.info("Master {}:{} of the quorum {}", ip, port, members);
    }

    tellWhatIsOpen(access);
    ParentWatch.startIfAsked();
    awaitStop(log, server, loop);
    return 0;
  }

  private void tellWhatIsOpen(Access access) {
    if (access.openInAll().isEmpty()) {
      LOG.info("Whoever asks {}:{} has to log in", ip, port);
    } else {
      LOG.warn(
          "Without a password anybody who reaches {}:{} can {} (see docs/secure.md)",
          ip,
          port,
          access.openInAll());
    }
  }

  private void validateExposure(Access access) {
    Exposure.refusal(ip, access.openOrders(), httpOptions.insecure())
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
  }

  private void validateOptions() {
    if (completedFrameworksMax < 0 || completedFrameworksMax > COMPLETED_FRAMEWORKS_LIMIT) {
      throw new IllegalArgumentException(
          "--max_completed_frameworks must be between 0 and " + COMPLETED_FRAMEWORKS_LIMIT);
    }
    if (join != quorum.isEmpty()) {
      throw new IllegalArgumentException(
          join
              ? "--join has no use for --quorum: leave one of them out"
              : "--quorum is needed, or --join for a master that is added to a quorum");
    }
  }

  /** Waits for the signal that ends the process, and closes what is open, the log first. */
  private static void awaitStop(RaftLog log, MasterServer server, LeaderLoop loop)
      throws InterruptedException {
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  log.close();
                  server.stop();
                  loop.close();
                  stopped.countDown();
                },
                "stop"));
    stopped.await();
  }

  private static Thread allocator(Runnable rounds) {
    Thread thread = new Thread(rounds, "allocator");
    thread.setDaemon(true);
    return thread;
  }

  private LoopSettings settings(Access access) throws IOException {
    Policy policy =
        new Policy(
            Optional.of(allocation.offerTimeout().toNanos()).filter(nanos -> nanos > 0),
            Policy.DEFAULT.turnMemoryNanos(),
            frameworkGrace.toNanos(),
            Policy.DEFAULT.timersPerCallMax(),
            registryMaxAgentAge.toNanos(),
            new TreeSet<>(roles),
            rootSubmissions,
            completedFrameworksMax,
            access.acls(),
            variables.limits());
    LoopSettings usual = LoopSettings.DEFAULT;
    return new LoopSettings(
        policy,
        usual.bounds(),
        allocation.settings(),
        usual.offersPerCallMax(),
        allocation.timeout(),
        allocation.interval(),
        usual.allocationGap(),
        agentPingTimeout,
        maxAgentPingTimeouts,
        agentReregisterTimeout,
        Optional.ofNullable(agentRemovalRateLimit));
  }

  private MasterInfo info() throws IOException, JsonSyntaxException, JsonMappingException {
    String name = hostname == null ? ip : hostname;
    InetAddress address = InetAddress.getByName(ip);
    byte[] bytes = address.getAddress();
    int number =
        bytes.length == Integer.BYTES
            ? ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getInt()
            : 0;
    MasterInfo.Builder info =
        MasterInfo.newBuilder()
            .setId(ip + ":" + raftPort)
            .setIp(number)
            .setPort(port)
            .setPid("master@" + address.getHostAddress() + ":" + port)
            .setHostname(name)
            .setVersion(MESOS_VERSION)
            .setAddress(
                Address.newBuilder()
                    .setHostname(name)
                    .setIp(address.getHostAddress())
                    .setPort(port));
    for (MasterInfo.Capability.Type capability : CAPABILITIES) {
      info.addCapabilitiesBuilder().setType(capability);
    }
    if (domain != null) {
      info.setDomain(
          (DomainInfo)
              ProtoJson.merge(domain.getBytes(StandardCharsets.UTF_8), DomainInfo.newBuilder())
                  .build());
    }
    return info.build();
  }

  private static long nanos() {
    Instant now = Clock.systemUTC().instant();
    return Math.addExact(Math.multiplyExact(now.getEpochSecond(), 1_000_000_000L), now.getNano());
  }
}
