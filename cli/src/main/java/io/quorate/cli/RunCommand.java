package io.quorate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.cluster.HttpReader;
import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.TaskStates;
import io.quorate.protocol.text.Failures;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code quorate run}: a framework of one task. It shows what the task writes, and its exit status
 * is the task's.
 */
@Command(
    name = "run",
    description = "Runs a command on the cluster and shows its output.",
    mixinStandardHelpOptions = true,
    footer =
        "Exit status: the command's; 128 and the signal's number if a signal ended it; 125 if it"
            + " could not be run.")
final class RunCommand implements Callable<Integer>, SchedulerListener {
  private static final int CANNOT_RUN = 125;
  private static final Pattern EXITED = Pattern.compile("exited with status (\\d+)");
  private static final Pattern SIGNALLED = Pattern.compile("terminated with signal (\\d+)");
  private static final long POLL_MILLIS = 100;

  @Spec private CommandSpec spec;

  @Mixin private MasterOption master;

  @Option(names = "--cpus", description = "Default: ${DEFAULT-VALUE}.")
  private double cpus = 0.1;

  @Option(names = "--mem", description = "In MB. Default: ${DEFAULT-VALUE}.")
  private double mem = 32;

  @Option(names = "--name", description = "Name of the task. Default: ${DEFAULT-VALUE}.")
  private String name = "run";

  @Option(names = "--user", description = "The user that it runs as. Default: ${DEFAULT-VALUE}.")
  private String user = System.getProperty("user.name");

  @Option(names = "--env", description = "A variable, NAME=VALUE; may be repeated.")
  private Map<String, String> environment = Map.of();

  @Parameters(
      arity = "1..*",
      paramLabel = "CMD",
      description = "One word: a shell command. Several: a program and its arguments.")
  private List<String> command;

  private final String taskId = "run-" + UUID.randomUUID();

  /** Reads sandboxes of agents, which are not told the secret for the masters. */
  private final HttpReader reader = new HttpReader();

  private final CompletableFuture<TaskStatus> over = new CompletableFuture<>();
  private SchedulerClient client;
  private volatile Offer usedOffer;
  private final long[] shown = {0, 0};

  @Override
  public Integer call() throws IOException, InterruptedException {
    FlagRules rules = new FlagRules(spec);
    rules.positive("--cpus", cpus);
    rules.positive("--mem", mem);
    FrameworkInfo framework =
        FrameworkInfo.newBuilder()
            .setUser(user)
            .setName("quorate run " + name)
            .setFailoverTimeout(60)
            .addRoles("*")
            .addCapabilities(capability(FrameworkInfo.Capability.Type.MULTI_ROLE))
            .addCapabilities(capability(FrameworkInfo.Capability.Type.PARTITION_AWARE))
            .build();
    client = new SchedulerClient(master.masters(), framework, this);
    master.credential().ifPresent(client::authenticateAs);
    Thread interrupted = new Thread(() -> client.teardown());
    Runtime.getRuntime().addShutdownHook(interrupted);
    client.start();
    TaskStatus status;
    while (true) {
      try {
        status = over.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        break;
      } catch (TimeoutException e) {
        show();
      } catch (java.util.concurrent.ExecutionException e) {
        System.err.println("quorate: " + Failures.describe(e));
        Runtime.getRuntime().removeShutdownHook(interrupted);
        return CANNOT_RUN;
      }
    }
    show();
    Runtime.getRuntime().removeShutdownHook(interrupted);
    client.teardown();
    return exitStatus(status);
  }

  private static FrameworkInfo.Capability.Builder capability(FrameworkInfo.Capability.Type type) {
    return FrameworkInfo.Capability.newBuilder().setType(type);
  }

  private static int exitStatus(TaskStatus status) {
    Matcher exited = EXITED.matcher(status.getMessage());
    if (exited.find()) {
      return Integer.parseInt(exited.group(1));
    }
    Matcher signalled = SIGNALLED.matcher(status.getMessage());
    if (signalled.find()) {
      return 128 + Integer.parseInt(signalled.group(1));
    }
    System.err.println("quorate: " + status.getState() + ": " + status.getMessage());
    return CANNOT_RUN;
  }

  @Override
  public void event(Event event) {
    switch (event.getType()) {
      case OFFERS -> event.getOffers().getOffersList().forEach(this::offered);
      case UPDATE -> updated(event.getUpdate().getStatus());
      default -> {}
    }
  }

  @Override
  public void ended(String why) {
    over.completeExceptionally(new IllegalStateException(why));
  }

  private void offered(Offer offer) {
    Call.Builder call = Call.newBuilder();
    if (usedOffer == null && scalar(offer, "cpus") >= cpus && scalar(offer, "mem") >= mem) {
      usedOffer = offer;
      call.setType(Call.Type.ACCEPT)
          .setAccept(
              Call.Accept.newBuilder()
                  .addOfferIds(offer.getId())
                  .addOperations(
                      Offer.Operation.newBuilder()
                          .setType(Offer.Operation.Type.LAUNCH)
                          .setLaunch(
                              Offer.Operation.Launch.newBuilder().addTaskInfos(task(offer)))));
    } else {
      call.setType(Call.Type.DECLINE)
          .setDecline(Call.Decline.newBuilder().addOfferIds(offer.getId()));
    }
    var unused = client.send(call);
  }

  private TaskInfo.Builder task(Offer offer) {
    CommandInfo.Builder info = CommandInfo.newBuilder().setValue(command.get(0)).setUser(user);
    if (command.size() > 1) {
      info.setShell(false).addAllArguments(command);
    }
    environment.forEach(
        (key, value) ->
            info.getEnvironmentBuilder()
                .addVariables(Environment.Variable.newBuilder().setName(key).setValue(value)));
    return TaskInfo.newBuilder()
        .setName(name)
        .setTaskId(TaskID.newBuilder().setValue(taskId))
        .setAgentId(offer.getAgentId())
        .setCommand(info)
        .addResources(scalar("cpus", cpus))
        .addResources(scalar("mem", mem));
  }

  static Resource.Builder scalar(String name, double value) {
    return Resource.newBuilder()
        .setName(name)
        .setType(Value.Type.SCALAR)
        .setScalar(Value.Scalar.newBuilder().setValue(value));
  }

  static double scalar(Offer offer, String name) {
    return offer.getResourcesList().stream()
        .filter(resource -> resource.getName().equals(name))
        .mapToDouble(resource -> resource.getScalar().getValue())
        .sum();
  }

  private void updated(TaskStatus status) {
    if (status.hasUuid()) {
      var unused =
          client.send(
              Call.newBuilder()
                  .setType(Call.Type.ACKNOWLEDGE)
                  .setAcknowledge(
                      Call.Acknowledge.newBuilder()
                          .setAgentId(status.getAgentId())
                          .setTaskId(status.getTaskId())
                          .setUuid(status.getUuid())));
    }
    if (TaskStates.terminal(status.getState())) {
      over.complete(status);
    }
  }

  /** Shows what the task has written since the last look. */
  private void show() {
    Offer offer = usedOffer;
    if (offer == null || client.frameworkId().isEmpty()) {
      return;
    }
    String agent =
        offer.getUrl().getAddress().getHostname() + ":" + offer.getUrl().getAddress().getPort();
    String folder =
        "/frameworks/"
            + client.frameworkId().get().getValue()
            + "/executors/"
            + taskId
            + "/runs/latest/";
    show(agent, folder + "stdout", 0);
    show(agent, folder + "stderr", 1);
  }

  private void show(String agent, String path, int which) {
    while (true) {
      Optional<JsonNode> part =
          reader.get(
              agent,
              "/files/read?raw=true&path="
                  + URLEncoder.encode(path, StandardCharsets.UTF_8)
                  + "&offset="
                  + shown[which]);
      byte[] bytes =
          part.map(json -> json.path("data").asText().getBytes(StandardCharsets.ISO_8859_1))
              .orElse(new byte[0]);
      if (bytes.length == 0) {
        return;
      }
      shown[which] += bytes.length;
      java.io.PrintStream out = which == 0 ? System.out : System.err;
      out.write(bytes, 0, bytes.length);
      out.flush();
    }
  }
}
