package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.cluster.HttpReader;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.auth.BasicCredential;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masters that ask who is there, with the driver and with plain HTTP. */
@Tag("process")
class AccessTest {
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final BasicCredential WEB = new BasicCredential("web", "web-secret");
  private static final BasicCredential OPS = new BasicCredential("ops", "ops-secret");
  private static final BasicCredential GUEST = new BasicCredential("guest", "guest-secret");
  private static final String JSON = "application/json";
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir static Path directory;
  private static LocalCluster cluster;

  @BeforeAll
  static void start() throws IOException {
    Path credentials = directory.resolve("credentials.json");
    Files.createFile(
        credentials,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(
        credentials,
        """
        {"credentials": [
          {"principal": "web", "secret": "web-secret"},
          {"principal": "ops", "secret": "ops-secret"},
          {"principal": "guest", "secret": "guest-secret"}]}
        """);
    Path acls = directory.resolve("acls.json");
    Files.writeString(
        acls,
        """
        {"run_tasks": [
           {"principals": {"values": ["web"]}, "users": {"values": ["%s"]}},
           {"principals": {"type": "ANY"}, "users": {"type": "NONE"}}],
         "view_frameworks": [
           {"principals": {"values": ["guest"]}, "users": {"type": "NONE"}}],
         "access_mesos_logs": [
           {"principals": {"values": ["ops"]}, "logs": {"type": "ANY"}},
           {"principals": {"type": "ANY"}, "logs": {"type": "NONE"}}],
         "view_flags": [
           {"principals": {"values": ["guest"]}, "flags": {"type": "NONE"}}],
         "get_endpoints": [
           {"principals": {"values": ["guest"]}, "paths": {"values": ["/metrics/snapshot"]}},
           {"principals": {"values": ["web"]}, "paths": {"type": "NONE"}}],
         "update_quorum": [
           {"principals": {"values": ["ops"]}, "members": {"type": "ANY"}},
           {"principals": {"type": "ANY"}, "members": {"type": "NONE"}}],
         "deactivate_agents": [
           {"principals": {"values": ["ops"]}, "agents": {"type": "ANY"}},
           {"principals": {"type": "ANY"}, "agents": {"type": "NONE"}}]}
        """
            .formatted(System.getProperty("user.name")));
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 3, 1, 0, "cpus:4;mem:512;disk:1000", false),
            List.of(
                "--credentials=file://" + credentials,
                "--authenticate_http_frameworks",
                "--authenticate-http-readonly=true",
                "--authenticate_http_readwrite=true",
                "--acls=" + acls),
            List.of(),
            new HttpReader(OPS));
    cluster.awaitServing(LONG);
  }

  @AfterAll
  static void stop() {
    cluster.close();
  }

  private static String leader() {
    return cluster.masters().get(cluster.leader().orElseThrow());
  }

  private static HttpResponse<String> send(
      String master, String path, BasicCredential who, String body) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + master + path)).timeout(LONG);
    if (who != null) {
      request.header("Authorization", who.authorization());
    }
    if (body != null) {
      request.header("Content-Type", JSON).POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static FrameworkInfo info() {
    return Hand.info("*").build();
  }

  @Test
  @DisplayName("CP-038, CP-452 every realm asks, on the leader and on followers; /health does not")
  void shouldAsk() throws Exception {
    BasicCredential wrong = new BasicCredential("ops", "web-secret");
    for (String master : cluster.masters()) {
      for (BasicCredential who : new BasicCredential[] {null, wrong}) {
        for (String[] value :
            new String[][] {
              {"/state", "mesos-master-readonly", null},
              {"/quorate/status", "mesos-master-readonly", null},
              {"/quorate/log?index=1", "mesos-master-readwrite", null},
              {"/api/v1", "mesos-master-readwrite", "{\"type\":\"GET_HEALTH\"}"},
              {"/master/api/v1/scheduler", "mesos-master-scheduler", "{\"type\":\"SUBSCRIBE\"}"},
            }) {
          HttpResponse<String> answer = send(master, value[0], who, value[2]);
          assertThat(answer.statusCode()).as(value[0]).isEqualTo(401);
          assertThat(answer.headers().firstValue("WWW-Authenticate"))
              .hasValue("Basic realm=\"" + value[1] + "\"");
        }
      }
      assertThat(send(master, "/health", null, null).statusCode()).isEqualTo(200);
      assertThat(send(master, "/version", null, null).statusCode()).isEqualTo(200);
      assertThat(send(master, "/state", GUEST, null).statusCode()).isEqualTo(200);
    }
  }

  @Test
  @DisplayName("CP-123, CP-234 a framework logs in, runs what it may, and not all see it")
  void shouldRunWhatIsAllowed() throws Exception {
    Hand hand = new Hand(cluster.masters(), info(), WEB);
    try {
      Offer offer = hand.offer();
      TaskInfo.Builder forbidden = Hand.task(offer, "forbidden", "true");
      forbidden.getCommandBuilder().setUser("someone-else");
      hand.accept(offer, Hand.launch(forbidden), Hand.launch(Hand.task(offer, "ok", "sleep 600")));
      TaskStatus status = hand.awaitState("forbidden", TaskState.TASK_ERROR);
      assertThat(status.getReason()).isEqualTo(TaskStatus.Reason.REASON_TASK_UNAUTHORIZED);
      hand.awaitState("ok", TaskState.TASK_RUNNING);

      String id = hand.client.frameworkId().orElseThrow().getValue();
      String own = send(leader(), "/state", WEB, null).body();
      assertThat(own).contains(id, "\"principal\":\"web\"");
      assertThat(send(leader(), "/state", GUEST, null).body()).doesNotContain(id);
      for (String call : List.of("GET_STATE", "GET_FRAMEWORKS", "GET_TASKS")) {
        String body = "{\"type\":\"" + call + "\"}";
        assertThat(send(leader(), "/api/v1", OPS, body).body()).contains(id);
        assertThat(send(leader(), "/api/v1", GUEST, body).body()).doesNotContain(id);
      }

      assertThat(send(leader(), "/quorate/log?index=1", WEB, null).statusCode()).isEqualTo(403);
      String log = send(leader(), "/quorate/log?index=1&count=100", OPS, null).body();
      assertThat(log).contains("\"call\":{\"principal\":\"web\",\"scheduler\"");
      assertThat(log).doesNotContain("secret");
    } finally {
      hand.client.teardown();
      hand.close();
    }
  }

  @Test
  @DisplayName("CP-037 who logs in as one principal subscribes as no other: 400")
  void shouldCompare() throws Exception {
    String body =
        "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":"
            + "{\"user\":\"u\",\"name\":\"n\",\"principal\":\"ops\"}}}";
    HttpResponse<String> answer = send(leader(), "/api/v1/scheduler", WEB, body);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "Failed to validate scheduler::Call: Authenticated principal 'web' does not match"
                + " principal 'ops' set in `FrameworkInfo`");
  }

  @Test
  @DisplayName("CP-457 flags and metrics are shown to whom they may be shown")
  void shouldHideFlags() throws Exception {
    String flags = "{\"type\":\"GET_FLAGS\"}";
    String metrics = "{\"type\":\"GET_METRICS\",\"get_metrics\":{}}";
    assertThat(send(leader(), "/flags", OPS, null).body()).contains("authenticate_http_readonly");
    assertThat(send(leader(), "/flags", GUEST, null).statusCode()).isEqualTo(403);
    assertThat(send(leader(), "/api/v1", OPS, flags).statusCode()).isEqualTo(200);
    assertThat(send(leader(), "/api/v1", GUEST, flags).statusCode()).isEqualTo(403);
    assertThat(send(leader(), "/state", OPS, null).body()).contains("\"flags\"");
    assertThat(send(leader(), "/state", GUEST, null).body()).doesNotContain("\"flags\"");
    for (String path : List.of("/metrics/snapshot", "/metrics")) {
      assertThat(send(leader(), path, null, null).statusCode()).as(path).isEqualTo(401);
      assertThat(send(leader(), path, GUEST, null).statusCode()).as(path).isEqualTo(200);
      assertThat(send(leader(), path, WEB, null).statusCode()).as(path).isEqualTo(403);
    }
    assertThat(send(leader(), "/api/v1", WEB, metrics).statusCode()).isEqualTo(403);
  }

  @Test
  @DisplayName("CP-458 an operator call that a principal may not make: 403")
  void shouldBoundOperators() throws Exception {
    Hand hand = new Hand(cluster.masters(), info(), WEB);
    try {
      String agent = "\"agent_id\":{\"value\":\"" + hand.offer().getAgentId().getValue() + "\"}";
      String off = "{\"type\":\"DEACTIVATE_AGENT\",\"deactivate_agent\":{" + agent + "}}";
      String on = "{\"type\":\"REACTIVATE_AGENT\",\"reactivate_agent\":{" + agent + "}}";
      HttpResponse<String> refused = send(leader(), "/api/v1", WEB, off);
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("'web'", "deactivate_agents");
      assertThat(send(leader(), "/api/v1", OPS, off).statusCode()).isEqualTo(200);
      assertThat(send(leader(), "/api/v1", OPS, on).statusCode()).isEqualTo(200);
    } finally {
      hand.client.teardown();
      hand.close();
    }
  }

  @Test
  @DisplayName("Whoever may read sees the members; who changes the quorum needs update_quorum")
  void shouldGuardTheQuorum() throws Exception {
    assertThat(cluster.reader().get(leader(), "/quorate/members").orElseThrow().path("members"))
        .hasSize(3);
    for (String path : List.of("/quorate/members", "/quorate/leader", "/quorate/snapshot")) {
      HttpResponse<String> refused = send(leader(), path, WEB, "{}");
      assertThat(refused.statusCode()).as(path).isEqualTo(403);
      assertThat(refused.body()).contains("'web'", "update_quorum");
      assertThat(send(leader(), path, new BasicCredential("ops", "wrong"), "{}").statusCode())
          .as(path)
          .isEqualTo(401);
    }
    assertThat(send(leader(), "/quorate/members", OPS, "{}").statusCode()).isEqualTo(400);
    assertThat(send(leader(), "/quorate/snapshot", OPS, "{}").statusCode()).isEqualTo(200);
  }

  @Test
  @DisplayName("The driver follows a leader's death, and logs in at the next one")
  void shouldLogInAgain() throws IOException {
    Hand hand = new Hand(cluster.masters(), info(), WEB);
    try {
      hand.offer();
      hand.events.clear();
      int killed = cluster.leader().orElseThrow();
      cluster.killMaster(killed);
      await("subscribed again")
          .atMost(LONG)
          .until(() -> hand.events.stream().anyMatch(event -> event.hasSubscribed()));
      cluster.restartMaster(killed);
      cluster.awaitServing(LONG);
    } finally {
      hand.client.teardown();
      hand.close();
    }
  }

  @Test
  @DisplayName("quorate status and run log in with --principal and --secret-file")
  void shouldLogInFromTheCommandLine() throws Exception {
    Path secret = directory.resolve("web.secret");
    Files.deleteIfExists(secret);
    Files.createFile(
        secret, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(secret, "web-secret\n");
    String masters = String.join(",", cluster.masters());
    String[] login = {"--master=" + masters, "--principal=web", "--secret-file=" + secret};
    assertThat(quorate("status", "--master=" + masters)).isEqualTo(1);
    assertThat(quorate("status", login)).isEqualTo(0);
    assertThat(quorate("run", login[0], login[1], login[2], "exit 7")).isEqualTo(7);
  }

  private static int quorate(String command, String... arguments) throws Exception {
    List<String> line =
        new java.util.ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.quorate.cli.QuorateMain",
                command));
    line.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve(command + ".txt").toFile())
            .start();
    try {
      assertThat(process.waitFor(60, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    } finally {
      process.destroyForcibly();
    }
  }
}
