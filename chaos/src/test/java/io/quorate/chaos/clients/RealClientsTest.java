package io.quorate.chaos.clients;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two clients that this project did not write, unmodified, against processes. */
@Tag("process")
class RealClientsTest {
  private static final int TASKS = 4;
  private static final Path SOURCES = Path.of("src/test/clients").toAbsolutePath();
  private static final Path BUILT = Path.of("target/clients").toAbsolutePath();

  @TempDir Path directory;

  /** How a client is made ready, and started. */
  enum Kind {
    NODE {
      @Override
      Client start(String masters, int seconds) throws IOException {
        Path folder = BUILT.resolve("node");
        Files.createDirectories(folder);
        for (String name : List.of("package.json", "package-lock.json", "framework.js")) {
          Files.write(folder.resolve(name), Files.readAllBytes(SOURCES.resolve("node/" + name)));
        }
        if (!Files.exists(folder.resolve("node_modules/mesos-framework"))) {
          Client.run(folder, List.of("npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"));
        }
        return Client.start(
            folder, List.of("node", "framework.js", masters, "" + TASKS, "" + seconds));
      }
    },

    RXJAVA {
      @Override
      Client start(String masters, int seconds) throws IOException {
        Path folder = BUILT.resolve("rxjava");
        Files.createDirectories(folder);
        Client.run(
            folder,
            List.of(
                "mvn",
                "-q",
                "-B",
                "-ntp",
                "-f",
                SOURCES.resolve("rxjava/pom.xml").toString(),
                "-Dclient.target=" + folder,
                "process-classes"));
        return Client.start(
            folder,
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                folder.resolve("classes") + ":" + folder.resolve("lib") + "/*",
                "clients.Framework",
                masters,
                "" + TASKS,
                "" + seconds));
      }
    };

    abstract Client start(String masters, int seconds) throws IOException;
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  @DisplayName("a client that is pointed at a follower follows its redirect and sees its tasks end")
  void shouldFollowTheRedirectOfAFollower(Kind kind) throws IOException {
    try (LocalCluster cluster = cluster();
        Client client = kind.start(followers(cluster).get(0), 1)) {
      assertThat(client.exitStatus()).as(client::toString).isZero();
      assertThat(client.tasks("TASK_FINISHED")).as(client::toString).isEqualTo(TASKS);
      assertThat(client.subscriptions()).hasSize(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(300)
  @DisplayName("after kill -9 of the leader a client keeps its id and misses no task's end")
  void shouldOutliveTheLeader(Kind kind) throws IOException {
    try (LocalCluster cluster = cluster();
        Client client = kind.start(String.join(",", followers(cluster)), 10)) {
      client.awaitTasks("TASK_RUNNING", TASKS);
      cluster.killMaster(cluster.leader().orElseThrow());

      assertThat(client.exitStatus()).as(client::toString).isZero();
      assertThat(client.tasks("TASK_FINISHED")).as(client::toString).isEqualTo(TASKS);
      assertThat(client.subscriptions()).as(client::toString).hasSizeGreaterThan(1);
      assertThat(client.subscriptions().stream().distinct()).as(client::toString).hasSize(1);
    }
  }

  @Test
  @DisplayName("the lock file of the node client names no host, so that any mirror serves it")
  void shouldInstallFromAnyRegistry() throws IOException {
    assertThat(Files.readString(SOURCES.resolve("node/package-lock.json")))
        .contains("\"node_modules/mesos-framework\"")
        .doesNotContain("\"resolved\"");
  }

  private LocalCluster cluster() throws IOException {
    LocalCluster cluster =
        LocalCluster.start(
            new LocalCluster.Plan(directory, 3, 2, 0, "cpus:4;mem:1024;disk:1024", false));
    try {
      cluster.awaitServing(Duration.ofSeconds(120));
      return cluster;
    } catch (IOException e) {
      cluster.close();
      throw e;
    }
  }

  private static List<String> followers(LocalCluster cluster) {
    List<String> followers = new ArrayList<>(cluster.masters());
    followers.remove(cluster.masters().get(cluster.leader().orElseThrow()));
    return followers;
  }
}
