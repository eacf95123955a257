package io.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.cluster.HttpReader;
import io.quorate.cluster.LocalCluster;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code quorate up} promises before, and after, its processes run. */
class UpCommandTest {
  private static final Duration START_MAX = Duration.ofMinutes(3);

  @TempDir private Path directory;

  @ParameterizedTest(name = "{0} {1}")
  @DisplayName("a number that cannot be is refused at once, by flag and rule")
  @CsvSource({
    "--masters, 0, --masters must be between 1 and 9",
    "--masters, 10, --masters must be between 1 and 9",
    "--agents, -1, --agents must be between 0 and 100",
    "--port, 65534, --port must be between 1 and 65533",
  })
  void shouldRefuseNumbersThatCannotBe(String flag, String value, String rule) throws Exception {
    // given
    String cluster = directory.resolve("cluster").toString();

    // when
    try (QuorateProcess up =
        QuorateProcess.start(directory, "up", "--detach", "--dir", cluster, flag, value)) {

      // then
      assertThat(up.exitStatus()).isEqualTo(2);
      assertThat(up.output()).contains(rule + ", not " + value);
    }
  }

  @Test
  @DisplayName("a port that somebody else listens on is refused before anything is started")
  void shouldRefuseAPortThatIsInUse() throws Exception {
    // given
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      String port = Integer.toString(other.getLocalPort());
      String cluster = directory.resolve("cluster").toString();

      // when
      try (QuorateProcess up =
          QuorateProcess.start(
              directory, "up", "--detach", "--dir", cluster, "--port", port, "--masters", "1")) {

        // then
        assertThat(up.exitStatus()).isEqualTo(1);
        assertThat(up.output()).contains("port " + port + " is in use").contains("--port");
      }
    }
  }

  @Test
  @DisplayName("a cluster without agents is up when somebody leads")
  void shouldWaitForALeaderWithoutAgents() throws Exception {
    // given
    LocalCluster.Plan plan = new LocalCluster.Plan(directory, 1, 0, 0, "", false);
    try (LocalCluster cluster = LocalCluster.start(plan)) {

      // when
      cluster.awaitServing(START_MAX);

      // then
      assertThat(cluster.leader()).contains(0);
    }
  }

  @Test
  @DisplayName("a directory that down left can be given to up again, and the cluster is the same")
  void shouldComeUpAgainInTheSameDirectory() throws Exception {
    // given
    String port = LocalCluster.freePorts(1).get(0).toString();
    String master = "127.0.0.1:" + port;
    String[] options = {
      "up", "--detach", "--dir", directory + "/c", "--masters=1", "--agents=1", "--port=" + port
    };
    run(options);
    String first = agentId(master);
    run("down", "--dir", directory + "/c");

    // when
    run(options);

    // then
    try {
      assertThat(agentId(master)).isEqualTo(first).endsWith("-S0");
    } finally {
      run("down", "--dir", directory + "/c");
    }
  }

  @Test
  @DisplayName("a directory keeps its number of masters; up says so and names the flag")
  void shouldRefuseAnotherNumberOfMasters() throws Exception {
    // given
    LocalCluster.Plan plan = new LocalCluster.Plan(directory, 1, 0, 0, "", false);
    LocalCluster.start(plan).close();

    // when
    try (QuorateProcess up =
        QuorateProcess.start(directory, "up", "--detach", "--dir", directory.toString())) {

      // then
      assertThat(up.exitStatus()).isEqualTo(1);
      assertThat(up.output()).contains("--masters must be 1, not 3").contains("quorate members");
    }
  }

  private static String agentId(String master) {
    JsonNode agents = new HttpReader().get(master, "/master/slaves").orElseThrow().path("slaves");
    assertThat(agents).hasSize(1);
    return agents.path(0).path("id").asText();
  }

  private void run(String... arguments) throws Exception {
    try (QuorateProcess process = QuorateProcess.start(directory, arguments)) {
      assertThat(process.exitStatus())
          .as(() -> List.of(arguments) + ": " + process.output())
          .isZero();
    }
  }
}
