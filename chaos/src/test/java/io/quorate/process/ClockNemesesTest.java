package io.quorate.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.nemesis.Nemeses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
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

  /** How far a machine's wall clock is from the one here, as the daemon's answers date it. */
  private static double aheadSeconds(ClusterNode node) throws Exception {
    HttpResponse<Void> answer =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(URI.create("http://" + node.address() + "/health")).build(),
                HttpResponse.BodyHandlers.discarding());
    String date = answer.headers().firstValue("Date").orElseThrow();
    Instant there = ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    return Duration.between(Instant.now(), there).toMillis() / 1e3;
  }

  @Test
  void shouldBeWrong() throws Exception {
    for (String name : List.of("clock-skew", "clock-jump")) {
      bed.during(
          name,
          struck -> {
            bed.write();
            Map<String, Double> seconds = new TreeMap<>();
            for (String clock : struck.split(", ")) {
              String[] words = clock.split(" ");
              seconds.put(words[0], Double.valueOf(words[1]));
            }
            // Agents do not date their answers.
            seconds.keySet().retainAll(Set.of("master0", "master1", "master2"));
            assertThat(seconds).as("masters hit by %s", struck).isNotEmpty();
            for (var one : seconds.entrySet()) {
              assertThat(aheadSeconds(bed.node(one.getKey())))
                  .as(one.getKey())
                  .isCloseTo(one.getValue(), within(2.0));
            }
            assertThat(bed.cluster.nodes()).allMatch(ClusterNode::alive);
          });
      for (ClusterNode master : bed.cluster.masters()) {
        assertThat(aheadSeconds(master)).isCloseTo(0, within(2.0));
      }
    }
  }
}
