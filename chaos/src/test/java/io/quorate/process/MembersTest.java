package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.cli.QuorateMain;
import io.quorate.cluster.LocalCluster;
import io.quorate.protocol.v1.TaskState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Members of a quorum of processes are replaced, added and removed while tasks run. */
@Tag("process")
class MembersTest {
  private static final Duration LONG = Duration.ofSeconds(150);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @TempDir Path directory;

  private LocalCluster started(int masters, int agents) throws IOException {
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(
                directory.resolve("cluster"), masters, agents, 0, "cpus:8;mem:4096", false));
    cluster.awaitServing(LONG);
    await("all members answer")
        .atMost(LONG)
        .until(() -> leader(cluster) >= 0 && reachable(cluster) == masters);
    return cluster;
  }

  /** The command, in this process, with every master that the cluster ever had. */
  private static int quorate(LocalCluster cluster, String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.add("--master=" + String.join(",", cluster.masters()));
    return new CommandLine(new QuorateMain()).execute(all.toArray(new String[0]));
  }

  private static int leader(LocalCluster cluster) {
    await("a leader").atMost(LONG).until(() -> cluster.leader().isPresent());
    return cluster.leader().orElseThrow();
  }

  private static JsonNode members(LocalCluster cluster) {
    return cluster
        .reader()
        .get(cluster.masters().get(leader(cluster)), "/quorate/members")
        .map(candidate -> candidate.path("members"))
        .orElseThrow();
  }

  private static List<String> names(LocalCluster cluster) {
    return members(cluster).findValuesAsText("member");
  }

  private static long reachable(LocalCluster cluster) {
    long count = 0;
    for (JsonNode member : members(cluster)) {
      count += member.path("reachable").asBoolean() ? 1 : 0;
    }
    return count;
  }

  private static void deleteDisk(Path work) throws IOException {
    try (Stream<Path> files = Files.walk(work)) {
      files.sorted(Comparator.reverseOrder()).forEach(MembersTest::delete);
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Timeout(420)
  @DisplayName("a master that is lost with its disk is replaced under load; then another may die")
  void shouldReplaceALostMaster() throws IOException {
    Path diary = Files.createDirectory(directory.resolve("diary"));
    try (LocalCluster cluster = started(3, 1);
        Recorder framework = new Recorder(cluster.masters())) {
      framework.start();
      framework.launch("long", "echo $$ >> " + diary.resolve("long") + "; sleep 1000");
      await("it runs")
          .atMost(LONG)
          .until(() -> framework.states("long").contains(TaskState.TASK_RUNNING));
      int launched = launch(framework, 0, 30);

      int lost = (leader(cluster) + 1) % 3;
      cluster.killMaster(lost);
      deleteDisk(cluster.masterDirectory(lost));
      int added = cluster.joinMaster();
      launched = launch(framework, launched, 30);
      await("it waits")
          .atMost(LONG)
          .until(() -> cluster.reader().status(cluster.masters().get(added)).isPresent());
      assertThat(
              quorate(cluster, "members", "replace", cluster.member(lost), cluster.member(added)))
          .isZero();
      assertThat(names(cluster))
          .hasSize(3)
          .contains(cluster.member(added))
          .doesNotContain(cluster.member(lost));
      await("three answer").atMost(LONG).until(() -> reachable(cluster) == 3);

      // Of the first three only one is left: what serves now needs the new one.
      launched = launch(framework, launched, 30);
      int second = leader(cluster);
      cluster.killMaster(second);
      assertThat(leader(cluster)).isNotEqualTo(second);
      launched = launch(framework, launched, 30);

      int last = launched;
      await("every task is over")
          .atMost(LONG)
          .until(() -> Stream.iterate(0, i -> i + 1).limit(last).allMatch(i -> over(framework, i)));
      for (int i = 0; i < launched; i++) {
        assertThat(framework.states("t" + i)).endsWith(TaskState.TASK_FINISHED);
      }
      assertThat(framework.states("long"))
          .containsExactly(TaskState.TASK_STARTING, TaskState.TASK_RUNNING);
      assertThat(Files.readAllLines(diary.resolve("long"))).hasSize(1);

      // Its flag still names the lost one; what the log says counts.
      cluster.restartMaster(second);
      await("three answer again").atMost(LONG).until(() -> reachable(cluster) == 3);
      assertThat(names(cluster)).doesNotContain(cluster.member(lost));
    }
  }

  private static int launch(Recorder framework, int from, int count) {
    for (int i = from; i < from + count; i++) {
      framework.launch("t" + i, "sleep 1");
    }
    return from + count;
  }

  private static boolean over(Recorder framework, int i) {
    return framework.over("t" + i);
  }

  @Test
  @Timeout(420)
  @DisplayName("a quorum grows from one to three, the lead is handed over, the leader is removed")
  void shouldGrowAndShrink() throws Exception {
    try (LocalCluster cluster = started(1, 1)) {
      int two = cluster.joinMaster();
      int three = cluster.joinMaster();
      await("they wait")
          .atMost(LONG)
          .until(
              () ->
                  cluster.reader().status(cluster.masters().get(two)).isPresent()
                      && cluster.reader().status(cluster.masters().get(three)).isPresent());
      assertThat(cluster.reader().status(cluster.masters().get(two)).orElseThrow().term()).isZero();
      assertThat(post(cluster, two, "/quorate/members", "{}").statusCode()).isEqualTo(503);
      assertThat(quorate(cluster, "members", "add", cluster.member(two), cluster.member(three)))
          .isZero();
      await("three answer").atMost(LONG).until(() -> reachable(cluster) == 3);

      assertThat(quorate(cluster, "transfer", cluster.member(two))).isZero();
      await("it leads").atMost(LONG).until(() -> leader(cluster) == two);
      await("the agent follows").atMost(LONG).until(() -> cluster.connectedAgents() == 1);
      HttpResponse<String> redirect = post(cluster, three, "/quorate/members", "{}");
      assertThat(redirect.statusCode()).isEqualTo(307);
      assertThat(redirect.headers().firstValue("Location").orElseThrow())
          .isEqualTo("//" + cluster.masters().get(two) + "/master/quorate/members");
      assertThat(post(cluster, three, "/quorate/snapshot", "{}").statusCode()).isEqualTo(200);
      assertThat(
              cluster.reader().status(cluster.masters().get(three)).orElseThrow().snapshotIndex())
          .isPositive();

      await("three answer").atMost(LONG).until(() -> reachable(cluster) == 3);
      assertThat(quorate(cluster, "members", "remove", cluster.member(two))).isZero();
      assertThat(leader(cluster)).isNotEqualTo(two);
      assertThat(names(cluster))
          .containsExactlyInAnyOrder(cluster.member(0), cluster.member(three));
      await("the agent follows").atMost(LONG).until(() -> cluster.connectedAgents() == 1);
      await("who was removed leads nobody anywhere")
          .atMost(LONG)
          .until(() -> post(cluster, two, "/quorate/members", "{}").statusCode() == 503);
    }
  }

  private static HttpResponse<String> post(
      LocalCluster cluster, int master, String path, String body) throws Exception {
    return HTTP.send(
        HttpRequest.newBuilder(URI.create("http://" + cluster.masters().get(master) + path))
            .timeout(Duration.ofSeconds(60))
            .POST(HttpRequest.BodyPublishers.ofString(body.replace('\'', '"')))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @Test
  @DisplayName("orders to the quorum that make no sense are refused, and change nothing")
  void shouldRefuse() throws Exception {
    try (LocalCluster cluster = started(1, 0)) {
      String self = cluster.member(0);
      String silent = "127.0.0.1:" + LocalCluster.freePorts(1).get(0);
      String[][] table = {
        {"400", "", "Expecting a JSON object"},
        {"400", "[]", "Expecting a JSON object"},
        {"400", "{'add'", "Failed to parse body into JSON"},
        {"400", "{}", "Expecting 'add' or 'remove' to name a member"},
        {"400", "{'add':[]}", "Expecting 'add' or 'remove' to name a member"},
        {"400", "{'members':[]}", "There is no field 'members'"},
        {"400", "{'add':'a:1'}", "add: expecting a list of host:raft_port"},
        {"400", "{'add':[1]}", "add[0]: expecting host:raft_port, but found 1"},
        {"400", "{'add':['a']}", "add[0]: expecting host:raft_port, but found \"a\""},
        {"400", "{'add':['a:0']}", "add[0]: expecting host:raft_port"},
        {"400", "{'add':['a:65536']}", "add[0]: expecting host:raft_port"},
        {"400", "{'add':['a:1','a:1']}", "add[1]: a:1 is there twice"},
        {"400", "{'add':['" + self + "']}", "add[0]: " + self + " is a member already"},
        {"400", "{'remove':['a:1']}", "remove[0]: a:1 is not a member"},
        {"400", "{'remove':['" + self + "']}", "remove: nobody would be left"},
        {
          "400",
          "{'add':['a:1','a:2','a:3','a:4','a:5','a:6','a:7','a:8','a:9']}",
          "add: there would be 10 members, of 9"
        },
        {"409", "{'add':['" + silent + "']}", "does not answer"},
      };
      for (String[] row : table) {
        HttpResponse<String> answer = post(cluster, 0, "/quorate/members", row[1]);
        assertThat(answer.body()).as(row[1]).contains(row[2]);
        assertThat(answer.statusCode()).as(row[1]).isEqualTo(Integer.parseInt(row[0]));
      }
      assertThat(post(cluster, 0, "/quorate/leader", "{'member':'a:1'}").body())
          .contains("member: a:1 is not a member");
      assertThat(post(cluster, 0, "/quorate/leader", "{'member':3}").statusCode()).isEqualTo(400);
      assertThat(post(cluster, 0, "/quorate/leader", "{}").statusCode()).isEqualTo(409);
      assertThat(post(cluster, 0, "/quorate/leader", "{'member':'" + self + "'}").statusCode())
          .isEqualTo(200);
      assertThat(names(cluster)).containsExactly(self);
      assertThat(quorate(cluster, "members")).isZero();
    }
  }
}
