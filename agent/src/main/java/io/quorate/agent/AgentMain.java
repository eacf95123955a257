package io.quorate.agent;

import io.quorate.agent.docker.DockerJanitor;
import io.quorate.agent.flags.AgentAccess;
import io.quorate.agent.flags.AgentAccessOptions;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.flags.DetectedResources;
import io.quorate.agent.flags.DockerOptions;
import io.quorate.agent.flags.ExecutorOptions;
import io.quorate.agent.flags.FetchOptions;
import io.quorate.agent.flags.FilesOptions;
import io.quorate.agent.flags.FlagSources;
import io.quorate.agent.flags.GarbageCollectionOptions;
import io.quorate.agent.flags.IsolationOptions;
import io.quorate.agent.gc.SandboxGarbageCollector;
import io.quorate.agent.http.AgentPort;
import io.quorate.agent.http.AgentServer;
import io.quorate.agent.link.HttpLink;
import io.quorate.agent.link.LinkCore;
import io.quorate.agent.link.LinkIdentity;
import io.quorate.agent.store.JournalFile;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.flags.MesosFlags;
import io.quorate.protocol.http.Exposure;
import io.quorate.protocol.http.HttpOptions;
import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.process.ParentWatch;
import io.quorate.protocol.resources.AttributeText;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.text.FlagValues;
import io.quorate.protocol.text.SizeConverter;
import io.quorate.protocol.v1.DomainInfo;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Starts one agent. */
@Command(
    name = "quorate agent",
    description = "Runs an agent on this machine.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class AgentMain implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(AgentMain.class);
  private static final int STARTS_MAX = 8;
  private static final double MILLIS = 1000.0;

  @Option(
      names = "--master",
      split = ",",
      required = true,
      description = "Masters, host:port,... Any of them leads to the leader.")
  private List<String> masters;

  @Option(names = "--ip", description = "Address to bind (default: ${DEFAULT-VALUE}).")
  private String ip = "127.0.0.1";

  @Option(names = "--port", description = "Port to bind (default: ${DEFAULT-VALUE}).")
  private int port = 5051;

  @Option(names = "--hostname", description = "Name that clients are told (default: the address).")
  private String hostname;

  @Option(
      names = {"--work_dir", "--work-dir"},
      required = true,
      description = "Directory of this agent's data and of its sandboxes.")
  private Path workDir;

  @Option(
      names = "--resources",
      description = "What to offer, e.g. cpus:4;mem:1024;ports:[31000-32000] (default: detected).")
  private String resources;

  @Option(names = "--attributes", description = "E.g. rack:r1;zone:z1.")
  private String attributes = "";

  @Option(
      names = "--domain",
      description = "Region and zone of this agent, a DomainInfo as JSON (default: none).")
  private String domain;

  @Option(
      names = {"--switch_user", "--switch-user"},
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Run tasks as their own user, where the agent may (default: true).")
  private boolean switchUser;

  @Option(
      names = {"--agent_secret_file", "--agent-secret-file"},
      description = "File with the secret that masters ask agents for; mode 600.")
  private Path agentSecretFile;

  @Option(
      names = {"--max_command_checks", "--max-command-checks"},
      description =
          "Commands of checks that run at the same time; more wait (default: ${DEFAULT-VALUE}).")
  private int commandChecksMax = 32;

  @Option(
      names = {"--journal_compaction_size", "--journal-compaction-size"},
      converter = SizeConverter.class,
      description =
          "Size from which the agent's journal is compacted while it runs, where it has also doubled"
              + " since the last time (default: 16MB).")
  private long journalBytesMax = 16 << 20;

  @Option(
      names = {"--reconfiguration_policy", "--reconfiguration-policy"},
      description =
          "What may differ from the last start: equal for nothing, additive for more resources and"
              + " attributes and a first domain, any (default: equal).")
  private Reconfiguration reconfigurationPolicy = Reconfiguration.EQUAL;

  @Spec private CommandSpec spec;

  @Mixin private ExecutorOptions executors = new ExecutorOptions();
  @Mixin private FetchOptions fetch = new FetchOptions();
  @Mixin private DockerOptions docker = new DockerOptions();
  @Mixin private IsolationOptions isolation = new IsolationOptions();
  @Mixin private GarbageCollectionOptions gc = new GarbageCollectionOptions();
  @Mixin private FilesOptions files = new FilesOptions();
  @Mixin private AgentAccessOptions accessOptions = new AgentAccessOptions();
  @Mixin private HttpOptions http = new HttpOptions();

  /** Exits with 0 after a stop, 1 if the agent cannot start, 2 for wrong options. */
  public static void main(String[] args) {
    CommandLine line = commandLine(System.getenv());
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          LOG.error("The agent cannot start: {}", failure.getMessage(), failure);
          return 1;
        });
    String[] own;
    try {
      own = MesosFlags.ofAgent().own(line, args, System.getenv());
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(CommandLine.ExitCode.USAGE);
      return;
    }
    System.exit(line.execute(own));
  }

  /** The flags of the agent, each of which may also be a variable MESOS_* (CP-463). */
  static CommandLine commandLine(Map<String, String> environment) {
    return new CommandLine(new AgentMain())
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setDefaultValueProvider(new FlagSources(environment));
  }

  @Override
  public Integer call() throws Exception {
    MesosFlags.validateMasters(masters)
        .or(() -> LinkCore.validateMasters(masters))
        .ifPresent(
            why -> {
              throw new ParameterException(spec.commandLine(), "--master: " + why);
            });
    AgentAccess access = accessOptions.access();
    validateExposure(access);
    Optional<SharedSecret> secret =
        agentSecretFile == null
            ? Optional.empty()
            : Optional.of(SharedSecret.read(agentSecretFile));
    AgentSettings settings =
        new AgentSettings(
            masters,
            ip,
            port,
            hostname == null ? ip : hostname,
            workDir,
            resources == null
                ? DetectedResources.resources(workDir)
                : ResourceText.parse(FlagSources.text("--resources", resources)),
            AttributeText.parse(FlagSources.text("--attributes", attributes)),
            domain(),
            switchUser,
            secret,
            STARTS_MAX,
            commandChecksMax,
            journalBytesMax,
            executors.settings(),
            fetch.settings(workDir),
            docker.settings(executors.settings().shutdownGrace()),
            isolation.settings(),
            gc.settings(),
            files.settings());
    double startSeconds = Clock.systemUTC().millis() / MILLIS;
    Vertx vertx = Vertx.vertx();
    Path meta = workDir.resolve("meta");
    try (JournalFile journal = new JournalFile(meta)) {
      HttpLink link = new HttpLink(vertx, masters, secret, LinkIdentity.of(meta));
      AgentLoop loop = new AgentLoop(journal);
      AgentCore core =
          new AgentCore(
              settings, AgentEnvironment.real(vertx, settings, loop::post, journal, link));
      // Executors that look for their agent are told to wait, not that nobody is there (CP-312).
      AgentPort face =
          new AgentPort(
              http.settings(ip, settings.hostname()), access, FlagValues.of(spec), startSeconds);
      new AgentServer(vertx, settings, face, core).start().toCompletableFuture().join();
      core.recover(reconfigurationPolicy);
      new SandboxGarbageCollector(core.layout().sandboxes(), settings.gc(), core::running).start();
      new DockerJanitor(settings, core::agentId, core::running).start();
      ParentWatch.startIfAsked();
      link.start(core, loop::post);
      loop.run(core);
    }
    return 0;
  }

  private void validateExposure(AgentAccess access) {
    Exposure.refusal(ip, access.open(), http.insecure())
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
    if (!access.open().isEmpty()) {
      LOG.warn(
          "Without a password anybody who reaches {}:{} can {} (see docs/secure.md)",
          ip,
          port,
          access.open());
    }
  }

  private Optional<DomainInfo> domain() throws JsonSyntaxException, JsonMappingException {
    return domain == null
        ? Optional.empty()
        : Optional.of(
            (DomainInfo)
                ProtoJson.merge(
                        FlagSources.text("--domain", domain).getBytes(StandardCharsets.UTF_8),
                        DomainInfo.newBuilder())
                    .build());
  }
}
