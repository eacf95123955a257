package io.quorate.chaos.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.awaitility.core.ConditionTimeoutException;

/**
 * HubSpot Singularity as a process, and the ZooKeeper that it keeps its own data in. Quorate has no
 * part in the latter. What it can tell is read through its REST API.
 */
final class Singularity implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String FRAMEWORK = "singularity-of-the-tests";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final Path folder;
  private final Path lib;
  private final int port;
  private final Process zooKeeper;
  private volatile Process service;

  /** Installs it if need be, and starts it with all of these masters. */
  Singularity(Path folder, Path sources, Path built, List<String> masters) throws IOException {
    this.folder = Files.createDirectories(folder);
    this.lib = built.resolve("lib");
    Files.createDirectories(built);
    Client.run(
        built,
        List.of(
            "mvn",
            "-q",
            "-B",
            "-ntp",
            "-f",
            sources.resolve("pom.xml").toString(),
            "-Dclient.target=" + built,
            "package"));
    List<Integer> ports = LocalCluster.freePorts(2);
    this.port = ports.get(0);
    int zooKeeperPort = ports.get(1);
    Files.writeString(
        folder.resolve("zookeeper.cfg"),
        """
        tickTime=1000
        dataDir=%s
        clientPort=%d
        clientPortAddress=127.0.0.1
        """
            .formatted(folder.resolve("zookeeper"), zooKeeperPort));
    Files.writeString(
        folder.resolve("singularity.json"), configuration(masters, port, zooKeeperPort));
    zooKeeper =
        java(
            "zookeeper.log",
            List.of("-Xmx64m", "-Dzookeeper.admin.enableServer=false"),
            List.of("org.apache.zookeeper.server.ZooKeeperServerMain", "zookeeper.cfg"));
    Runtime.getRuntime().addShutdownHook(new Thread(this::close));
    try {
      start();
    } catch (IOException | ConditionTimeoutException e) {
      close();
      throw e;
    }
  }

  /** As released, but for the pauses that make a test wait. */
  private static String configuration(List<String> masters, int port, int zooKeeperPort)
      throws IOException {
    Map<String, Object> server =
        Map.of(
            "type",
            "simple",
            "applicationContextPath",
            "/singularity",
            "connector",
            Map.of("type", "http", "port", port, "bindHost", "127.0.0.1"),
            "requestLog",
            Map.of("appenders", List.of()));
    Map<String, Object> mesos =
        Map.of(
            "master",
            String.join(",", masters),
            "frameworkName",
            "Singularity",
            "frameworkId",
            FRAMEWORK,
            "frameworkUser",
            System.getProperty("user.name"),
            "frameworkFailoverTimeout",
            600,
            "checkpoint",
            true);
    return JSON.writeValueAsString(
        Map.ofEntries(
            Map.entry("server", server),
            Map.entry("mesos", mesos),
            Map.entry(
                "zookeeper",
                Map.of(
                    "quorum",
                    "127.0.0.1:" + zooKeeperPort,
                    "zkNamespace",
                    "singularity",
                    // A scheduler that was killed is leader for as long as its session lasts.
                    "sessionTimeoutMillis",
                    8000,
                    "connectTimeoutMillis",
                    5000)),
            Map.entry(
                "ui", Map.of("baseUrl", "http://127.0.0.1:" + port + "/singularity", "title", "t")),
            Map.entry("hostname", "127.0.0.1"),
            Map.entry("checkReconcileWhenRunningEveryMillis", 1000),
            Map.entry("checkSchedulerEverySeconds", 1),
            Map.entry("checkDeploysEverySeconds", 1),
            Map.entry("checkNewTasksEverySeconds", 1),
            Map.entry("considerTaskHealthyAfterRunningForSeconds", 1),
            Map.entry("logging", Map.of("level", "INFO"))));
  }

  private Process java(String log, List<String> options, List<String> main) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    command.addAll(options);
    command.addAll(List.of("-cp", lib + "/*"));
    command.addAll(main);
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve(log).toFile()))
        .start();
  }

  /** Starts the scheduler and waits until it is subscribed. */
  void start() throws IOException {
    service =
        java(
            "singularity.log",
            List.of("-Xmx256m", "--add-opens", "java.base/java.lang=ALL-UNNAMED"),
            List.of("com.hubspot.singularity.SingularityService", "server", "singularity.json"));
    awaitSubscribed();
  }

  void awaitSubscribed() {
    eventually(
        "Singularity is subscribed",
        () -> {
          for (JsonNode hostState : get("/state?skipCache=true").path("hostStates")) {
            if (hostState.path("mesosConnected").asBoolean()) {
              return true;
            }
          }
          return false;
        });
  }

  /** {@code kill -9} of the scheduler; its ZooKeeper goes on. */
  void kill() throws InterruptedException {
    service.destroyForcibly();
    assertThat(service.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  boolean alive() {
    return service.isAlive();
  }

  /** Asks for something to run: a request with more fields, and its first deploy. */
  void request(String id, String type, Map<String, Object> more, String command) throws Exception {
    Map<String, Object> request = new HashMap<>(more);
    request.put("id", id);
    request.put("requestType", type);
    post("/requests", request);
    post(
        "/deploys",
        Map.of(
            "deploy",
            Map.of(
                "requestId",
                id,
                "id",
                "d1",
                "command",
                command,
                "resources",
                Map.of("cpus", 0.1, "memoryMb", 32, "numPorts", 0))));
  }

  /** Runs an on-demand request once. */
  void run(String id, String runId) throws Exception {
    post("/requests/request/" + id + "/run", Map.of("runId", runId));
  }

  /** The ids of the tasks that it counts as active. */
  Set<String> active() throws Exception {
    Set<String> ids = new TreeSet<>();
    get("/tasks/active").forEach(candidate -> ids.add(candidate.at("/taskId/id").asText()));
    return ids;
  }

  /** The last states of a request's tasks, ended or not. */
  List<String> states(String request) throws Exception {
    List<String> states = new ArrayList<>();
    get("/history/request/" + request + "/tasks")
        .forEach(candidate -> states.add(candidate.path("lastTaskState").asText()));
    return states;
  }

  /** What {@code /state} of a master lists for it under this name. */
  static JsonNode inState(JsonNode state, String list) {
    for (JsonNode framework : state.path("frameworks")) {
      if (framework.path("id").asText().equals(FRAMEWORK)) {
        return framework.path(list);
      }
    }
    return JSON.nullNode();
  }

  JsonNode get(String path) throws Exception {
    return JSON.readTree(send(HttpRequest.newBuilder(uri(path)).GET()));
  }

  private void post(String path, Map<String, ?> body) throws Exception {
    var unused =
        send(
            HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + port + "/singularity/api" + path);
  }

  private String send(HttpRequest.Builder request) throws Exception {
    HttpResponse<String> response =
        http.send(
            request.timeout(Duration.ofSeconds(10)).build(), HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new IOException(response.statusCode() + " " + response.body());
    }
    return response.body();
  }

  /** Waits; while Singularity starts, or looks for a leader, its answers are errors. */
  void eventually(String what, Callable<Boolean> condition) {
    await(what)
        .atMost(PATIENCE)
        .pollInterval(Duration.ofMillis(200))
        .ignoreExceptions()
        .until(condition);
  }

  @Override
  public void close() {
    if (service != null) {
      service.destroyForcibly().onExit().join();
    }
    zooKeeper.destroyForcibly().onExit().join();
  }
}
