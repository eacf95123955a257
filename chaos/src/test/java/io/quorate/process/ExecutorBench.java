package io.quorate.process;

import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.Environment;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What tests of executors have in common: a framework, and the one agent's disk and port. */
final class ExecutorBench implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(150);
  private static final String TOKEN = "MESOS_EXECUTOR_AUTHENTICATION_TOKEN=";
  private static final double LARGE_MEM = 1000;

  final LocalCluster cluster;
  final Hand hand;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ExecutorBench(LocalCluster cluster) {
    this.cluster = cluster;
    this.hand = new Hand(cluster.masters(), "dev");
  }

  /** One master, one agent. */
  static LocalCluster cluster(Path directory, String... agentOptions) throws IOException {
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 1, 1, 0, "cpus:8;mem:4096;disk:1000", false),
            List.of(agentOptions));
    cluster.awaitServing(LONG);
    return cluster;
  }

  String framework() {
    return hand.client.frameworkId().orElseThrow().getValue();
  }

  /** A {@link TestExecutor}. */
  static ExecutorInfo.Builder executor(String id, String... arguments) {
    List<String> words = TestExecutor.command(arguments);
    ExecutorInfo.Builder executor = plain(id).setType(ExecutorInfo.Type.CUSTOM);
    executor
        .setCommand(
            CommandInfo.newBuilder().setShell(false).setValue(words.get(0)).addAllArguments(words))
        .getCommandBuilder()
        .getEnvironmentBuilder()
        .addVariables(Environment.Variable.newBuilder().setName("OWN").setValue("own"))
        .addVariables(Environment.Variable.newBuilder().setName("LIBPROCESS_PORT").setValue("7"));
    return executor;
  }

  static ExecutorInfo.Builder plain(String id) {
    return ExecutorInfo.newBuilder()
        .setExecutorId(ExecutorID.newBuilder().setValue(id))
        .addResources(Recorder.resource("cpus", 0.1))
        .addResources(Recorder.resource("mem", 64))
        .addResources(Recorder.resource("disk", 1));
  }

  /** For the executor; the data says what it does with it. */
  static TaskInfo.Builder task(Offer offer, String id, ExecutorInfo.Builder executor, String data) {
    return Hand.task(offer, id, "")
        .clearCommand()
        .setExecutor(executor)
        .setData(ByteString.copyFromUtf8(data));
  }

  /** An offer that has room for executors. */
  Offer offer() {
    await("a large offer")
        .atMost(LONG)
        .until(() -> hand.offers.values().stream().anyMatch(ExecutorBench::large));
    return hand.offers.values().stream().filter(ExecutorBench::large).findFirst().orElseThrow();
  }

  private static boolean large(Offer offer) {
    return offer.getResourcesList().stream()
        .anyMatch(
            resource ->
                resource.getName().equals("mem") && resource.getScalar().getValue() >= LARGE_MEM);
  }

  /** Leaves all that there is to others. */
  void withdraw() {
    var unused = offer();
    hand.client.send(Call.newBuilder().setType(Call.Type.SUPPRESS)).join();
    for (Offer otherOffer : List.copyOf(hand.offers.values())) {
      hand.accept(otherOffer);
    }
  }

  /** Launches one task with an executor. */
  Offer launch(String id, ExecutorInfo.Builder executor, String data) {
    Offer offer = offer();
    var unused = hand.accept(offer, Hand.launch(task(offer, id, executor, data)));
    return offer;
  }

  void message(AgentID agent, String executor, String data) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.MESSAGE);
    call.getMessageBuilder()
        .setAgentId(agent)
        .setExecutorId(ExecutorID.newBuilder().setValue(executor))
        .setData(ByteString.copyFromUtf8(data));
    var unused = hand.client.send(call).join();
  }

  void shutdown(AgentID agent, String executor) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.SHUTDOWN);
    call.getShutdownBuilder()
        .setAgentId(agent)
        .setExecutorId(ExecutorID.newBuilder().setValue(executor));
    var unused = hand.client.send(call).join();
  }

  void kill(String task, long graceNanos) {
    Call.Builder call = Call.newBuilder().setType(Call.Type.KILL);
    call.getKillBuilder()
        .setTaskId(TaskID.newBuilder().setValue(task))
        .getKillPolicyBuilder()
        .getGracePeriodBuilder()
        .setNanoseconds(graceNanos);
    var unused = hand.client.send(call).join();
  }

  /** The FAILURE of an executor. */
  Event.Failure awaitFailure(String executor) {
    await("the end of " + executor).atMost(LONG).until(() -> failures(executor) > 0);
    return hand.events.stream()
        .filter(event -> of(event, executor))
        .findFirst()
        .orElseThrow()
        .getFailure();
  }

  long failures(String executor) {
    return hand.events.stream().filter(event -> of(event, executor)).count();
  }

  private static boolean of(Event event, String executor) {
    return event.getFailure().getExecutorId().getValue().equals(executor);
  }

  Path sandbox(String executor) {
    Path slaves = cluster.directory().resolve("agent0/slaves");
    try (var agents = Files.list(slaves)) {
      return agents
          .findFirst()
          .orElseThrow()
          .resolve("frameworks/" + framework() + "/executors/" + executor + "/runs/latest");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> lines(String executor) {
    try {
      Path stdout = sandbox(executor).resolve("stdout");
      return Files.exists(stdout) ? Files.readAllLines(stdout) : List.of();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitLine(String executor, String line) {
    await(executor + " says " + line).atMost(LONG).until(() -> lines(executor).contains(line));
  }

  /** A raw call of the executor API by somebody without a token, as JSON. */
  HttpResponse<String> call(String path, String json) throws IOException, InterruptedException {
    return call(path, json, Optional.empty());
  }

  private HttpResponse<String> call(String path, String json, Optional<String> token)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + cluster.agents().get(0) + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  /**
   * As {@code call}, with a type and what belongs to it, and the executor's token if it has one.
   */
  HttpResponse<String> call(String executor, String type, String rest)
      throws IOException, InterruptedException {
    return call("/api/v1/executor", json(executor, type, rest), token(executor));
  }

  /** The token in the environment of an executor's process; empty before there is one. */
  Optional<String> token(String executor) {
    return ProcessHandle.allProcesses()
        .map(process -> environment(process.pid()))
        .filter(variables -> variables.contains("MESOS_EXECUTOR_ID=" + executor))
        .filter(variables -> variables.contains("MESOS_FRAMEWORK_ID=" + framework()))
        .flatMap(List::stream)
        .filter(variable -> variable.startsWith(TOKEN))
        .map(variable -> variable.substring(TOKEN.length()))
        .findFirst();
  }

  private static List<String> environment(long pid) {
    try {
      return List.of(Files.readString(Path.of("/proc/" + pid + "/environ")).split("\0"));
    } catch (IOException e) {
      return List.of();
    }
  }

  String json(String executor, String type, String rest) {
    return "{\"framework_id\":{\"value\":\""
        + framework()
        + "\"},\"executor_id\":{\"value\":\""
        + executor
        + "\"},\"type\":\""
        + type
        + "\""
        + rest
        + "}";
  }

  @Override
  public void close() {
    hand.client.teardown();
    hand.close();
  }
}
