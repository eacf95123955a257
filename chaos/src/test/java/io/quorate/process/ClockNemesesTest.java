package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.chaos.cluster.Node;
import io.quorate.chaos.nemesis.Nemeses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wall clocks go wrong, and the daemons see it. */
@Tag("process")
class ClockNemesesTest {
  @TempDir static Path directory;
  private static Testbed bed;

  @BeforeAll
  static void start() throws IOException {
    bed = new Testbed(directory, List.of(), Nemeses.named("clock-jump"));
  }

  @AfterAll
  static void stop() {
    if (bed != null) {
      bed.close();
    }
  }

  /** How far a daemon's log is from the wall clock here. */
  private static Duration off(Node node) throws IOException {
    String last =
        Testbed.log(node)
            .lines()
            .filter(each -> each.matches("20\\d\\d-\\d\\d-\\d\\dT.*"))
            .reduce((one, next) -> next)
            .orElseThrow();
    return Duration.between(Instant.now(), Instant.parse(last.split(" ", 2)[0])).abs();
  }

  @Test
  void shouldSkew() throws Exception {
    bed.during("clock-skew", struck -> bed.write());
  }

  @Test
  void shouldJump() throws Exception {
    Node[] leader = new Node[1];
    bed.during(
        "clock-jump",
        struck -> {
          System.err.println(struck);
          bed.write();
        });
  }
}
