package io.quorate.chaos.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Frameworks and executors that were compiled against the original {@code org.apache.mesos} and run
 * with the drop-in first on their class path, against a quorum and an agent.
 */
@Tag("process")
@Tag("clients")
@Timeout(300)
class DropInTest {
  private static final Duration LONG = Duration.ofSeconds(120);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS).build();

  @TempDir(cleanup = CleanupMode.NEVER)
  static Path directory;

  private static DropIn dropIn;
  private static LocalCluster cluster;

  @BeforeAll
  static void startCluster() throws IOException {
    cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), 3, 1, 0, "cpus:4;mem:2048;disk:1024", false),
            List.of("--executor_shutdown_grace_period=1secs"));
    dropIn = new DropIn(directory.resolve("classes"));
    cluster.awaitServing(LONG);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  @DisplayName(
      "CP-432 CP-444 a framework that knows two followers outlives the leader, one callback at a"
          + " time")
  void shouldOutliveTheLeader() throws IOException {
    // given
    int leader = cluster.leader().orElseThrow();
    try (Client framework = framework("outlives", String.join(",", followers(leader)))) {
      framework.say("start");
      framework.awaitLines("registered .*" + cluster.masters().get(leader), 1);
      framework.say("launch 3 e1");
      framework.awaitLines("update t[123] TASK_RUNNING .*", 3);

      // when
      cluster.killMaster(leader);
      framework.awaitLines("reregistered .*", 1);
      for (int task = 1; task <= 3; task++) {
        framework.say("message t" + task + " finish t" + task);
      }

      // then
      framework.awaitLines("said e1 finishing t[123]", 3);
      framework.awaitLines("update t[123] TASK_FINISHED .*", 3);
      assertThat(framework.lines("disconnected")).isEqualTo(1);
      assertThat(framework.lines("OVERLAP .*")).as(framework::toString).isZero();
      end(framework);
    } finally {
      cluster.restartMaster(leader);
    }
  }

  @Test
  @DisplayName("CP-437 CP-439 a second driver with the same id takes over what the first one left")
  void shouldFailOver() throws IOException {
    // given
    try (Client framework = framework("over", masters())) {
      framework.say("start");
      framework.awaitLines("start DRIVER_RUNNING", 1);
      framework.say("launch 1 e1");
      framework.awaitLines("update t1 TASK_RUNNING .*", 1);

      // when
      framework.say("stop true");
      framework.awaitLines("joined DRIVER_STOPPED", 1);
      framework.say("start");
      framework.awaitLines("start DRIVER_RUNNING", 2);
      framework.awaitLines("registered .*", 2);
      framework.say("reconcile");

      // then
      framework.awaitLines("update t1 TASK_RUNNING REASON_RECONCILIATION", 1);
      framework.say("message t1 finish t1");
      framework.awaitLines("update t1 TASK_FINISHED .*", 1);
      assertThat(framework.all("registered .*").stream().map(line -> line.split(" ")[1]).distinct())
          .as(framework::toString)
          .hasSize(1);
      end(framework);
    }
  }

  @Test
  @DisplayName("a framework is told that its executor is lost, with its status, and starts another")
  void shouldTellThatAnExecutorIsLost() throws IOException {
    // given
    try (Client framework = framework("loses", masters())) {
      framework.say("start");
      framework.say("launch 1 e1");
      framework.awaitLines("update t1 TASK_RUNNING .*", 1);

      // when
      framework.say("message t1 die 7");

      // then
      framework.awaitLines("executorLost e1 " + (7 << 8), 1);
      framework.awaitLines("update t1 TASK_FAILED REASON_EXECUTOR_TERMINATED", 1);
      framework.say("launch 1 e1");
      framework.awaitLines("update t2 TASK_RUNNING .*", 1);
      end(framework);
    }
  }

  @Test
  @DisplayName(
      "CP-435 a callback that throws aborts the driver, and its update comes to the next driver")
  void shouldAbortWhenACallbackThrows() throws IOException {
    // given
    try (Client framework = framework("throws", masters())) {
      framework.say("start");
      framework.say("throw");

      // when
      framework.say("launch 1 e1");

      // then
      framework.awaitLines("joined DRIVER_ABORTED", 1);
      framework.awaitLines(".*IllegalStateException: thrown on purpose", 1);
      framework.say("reconcile");
      framework.awaitLines("reconcile DRIVER_ABORTED", 1);
      framework.say("start");
      framework.awaitLines("update t1 TASK_RUNNING .*", 2);
      end(framework);
    }
  }

  @Test
  @DisplayName("CP-447 an executor that stays after its shutdown is ended when the grace is over")
  void shouldEndAnExecutorThatStays() throws IOException {
    // given
    try (Client framework = framework("ends", masters())) {
      framework.say("start");
      framework.say("launch 1 e1");
      framework.awaitLines("update t1 TASK_RUNNING .*", 1);
      long pid = Long.parseLong(notes("ends").get(0).split(" ")[1]);
      assertThat(ProcessHandle.of(pid)).isPresent();

      // when
      end(framework);

      // then
      await("the executor's end").atMost(LONG).until(() -> ProcessHandle.of(pid).isEmpty());
      assertThat(notes("ends")).contains("shutdown").doesNotContain("run DRIVER_STOPPED");
    }
  }

  @Test
  @DisplayName("CP-450 a framework on the v1 interface is connected again by the next leader")
  void shouldServeTheInterfaceOfV1() throws IOException {
    // given
    Path file = directory.resolve("v1-may-end");
    int leader = cluster.leader().orElseThrow();
    try (Client framework =
        Client.start(
            directory.resolve("v1"), dropIn.command("V1Framework", masters(), file.toString()))) {
      framework.awaitLines("update v1 TASK_RUNNING", 1);

      // when
      cluster.killMaster(leader);
      framework.awaitLines("disconnected", 1);
      framework.awaitLines("connected", 2);
      framework.awaitLines("subscribed .*", 2);
      Files.createFile(file);

      // then
      framework.awaitLines("update v1 TASK_FINISHED", 1);
      assertThat(framework.exitStatus()).as(framework::toString).isZero();
      assertThat(framework.subscriptions().stream().distinct()).hasSize(1);
    } finally {
      cluster.restartMaster(leader);
    }
  }

  @Test
  @DisplayName("CP-451 State and Log work, and none of what two count is lost with the leader")
  void shouldKeepStates() throws IOException {
    // given
    int leader = cluster.leader().orElseThrow();
    try (Client check =
        Client.start(
            directory.resolve("states"),
            dropIn.command(
                "StateCheck",
                String.join(",", followers(leader)),
                directory.resolve("level").toString(),
                "150"))) {
      for (String kind : List.of("InMemory", "LevelDB", "ZooKeeper", "Log")) {
        check.awaitLines("used " + kind + "State", 1);
      }
      check.awaitLines("used Log", 1);
      check.awaitLines("at 20", 1);

      // when
      cluster.killMaster(leader);

      // then
      check.awaitLines("counted 300 and found 300", 1);
      assertThat(check.exitStatus()).as(check::toString).isZero();
    } finally {
      cluster.restartMaster(leader);
    }
  }

  @Test
  @DisplayName("variables are read and written with curl's means: GET, PUT, DELETE, ETag, If-Match")
  void shouldServeVariablesByHttp() throws Exception {
    // given
    String follower = followers(cluster.leader().orElseThrow()).get(0);
    String variable = "/quorate/variables/of%20tests/a/b%2Bc";
    await("it is up again")
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> http(follower, "GET", "/quorate/variables", "").statusCode() == 200);

    // when
    HttpResponse<String> stored = http(follower, "PUT", variable, "one", "If-None-Match", "*");
    String tag = stored.headers().firstValue("ETag").orElseThrow();

    // then
    assertThat(stored.statusCode()).isEqualTo(204);
    HttpResponse<String> read = http(follower, "GET", variable, "");
    assertThat(read.statusCode()).isEqualTo(200);
    assertThat(read.body()).isEqualTo("one");
    assertThat(read.headers().firstValue("ETag")).hasValue(tag);
    assertThat(http(follower, "GET", variable, "", "If-None-Match", tag).statusCode())
        .isEqualTo(304);
    assertThat(http(follower, "PUT", variable, "x", "If-None-Match", "*").statusCode())
        .isEqualTo(412);
    assertThat(http(follower, "PUT", variable, "x", "If-Match", "x").statusCode()).isEqualTo(400);
    assertThat(http(follower, "PUT", "/quorate/variables/n", "x").statusCode()).isEqualTo(400);
    assertThat(http(follower, "GET", "/quorate/variables/%ff/x", "").statusCode()).isEqualTo(400);
    assertThat(http(follower, "POST", variable, "x").statusCode()).isEqualTo(405);
    assertThat(
            http(
                    follower,
                    "PUT",
                    variable,
                    "two",
                    "If-Match",
                    tag,
                    "Quorate-Variable-Version",
                    "v2")
                .statusCode())
        .isEqualTo(204);
    assertThat(http(follower, "GET", "/quorate/variables/of%20tests", "").body())
        .startsWith("{\"variables\":[{\"name\":\"a/b+c\",\"version\":\"v2\",\"bytes\":3,");
    assertThat(http(follower, "GET", "/quorate/variables", "").body())
        .contains("{\"name\":\"of tests\",\"variables\":1,\"bytes\":216}");
    assertThat(http(follower, "DELETE", variable, "", "If-Match", tag).statusCode()).isEqualTo(412);
    assertThat(http(follower, "DELETE", variable, "", "If-Match", "\"v2\"").statusCode())
        .isEqualTo(204);
    assertThat(http(follower, "GET", variable, "").statusCode()).isEqualTo(404);
    assertThat(http(follower, "GET", "/quorate/variables/of%20tests", "").body())
        .isEqualTo("{\"variables\":[]}");
  }

  /** Follows a redirect, as curl does with -L. */
  private static HttpResponse<String> http(
      String master, String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + master + path))
            .timeout(LONG)
            .method(method, HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  private static String masters() {
    return String.join(",", cluster.masters());
  }

  private static List<String> followers(int leader) {
    List<String> followers = new ArrayList<>(cluster.masters());
    followers.remove(leader);
    return followers;
  }

  private static Client framework(String name, String masters) throws IOException {
    String executor =
        String.join(" ", dropIn.command("FrameworkExecutor", directory.resolve(name).toString()));
    return Client.start(
        directory.resolve("of-" + name), dropIn.command("Framework", masters, executor));
  }

  private static List<String> notes(String name) throws IOException {
    return Files.readAllLines(directory.resolve(name + "-e1"));
  }

  private static void end(Client framework) {
    framework.say("stop false");
    framework.awaitLines("stop DRIVER_STOPPED", 1);
    framework.say("exit");
    assertThat(framework.exitStatus()).as(framework::toString).isZero();
  }
}
