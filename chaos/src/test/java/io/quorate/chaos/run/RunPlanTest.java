package io.quorate.chaos.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.cluster.ContainerMachines;
import io.quorate.chaos.cluster.Machines;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.nemesis.Nemeses;
import io.quorate.chaos.workload.Workload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class RunPlanTest {
  static Stream<List<String>> ci() throws IOException {
    return RunPlan.runs("ci").stream();
  }

  /** Fails where CI is set and Docker cannot be had; elsewhere it is skipped, with the reason. */
  private static void needsContainers() throws IOException {
    try (Machines machines = new ContainerMachines()) {
      assertThat(machines.name()).isEqualTo("containers");
    } catch (IOException e) {
      if ("true".equals(System.getenv("CI"))) {
        throw e;
      }
      Assumptions.abort(e.getMessage());
    }
  }

  @ParameterizedTest
  @MethodSource("ci")
  @Tag("process")
  @DisplayName("A real quorum in containers keeps its promises while harm is done to it")
  void shouldKeepPromises(
      List<String> options, @TempDir(cleanup = CleanupMode.ON_SUCCESS) Path directory)
      throws IOException {
    needsContainers();
    Path run = directory.resolve("run");
    String[] all =
        Stream.concat(options.stream(), Stream.of("--out=" + run)).toArray(String[]::new);
    int status = new CommandLine(new ChaosMain()).execute(all);
    List<Verdict> verdicts =
        List.of(Json.MAPPER.readValue(run.resolve("verdicts.json").toFile(), Verdict[].class));
    assertThat(verdicts)
        .as("see %s", run.resolve("report.html"))
        .isNotEmpty()
        .allSatisfy(
            verdict ->
                assertThat(verdict.status())
                    .as("%s: %s", verdict.checker(), verdict.explanation())
                    .isEqualTo(Verdict.Status.VALID));
    assertThat(status).isZero();
  }

  @Test
  @DisplayName("Every nemesis and every workload is in the nightly plan")
  void shouldPlanEverything() throws IOException {
    List<List<String>> runs = RunPlan.runs("nightly");
    for (String nemesis : Nemeses.names()) {
      assertThat(runs)
          .as(nemesis)
          .anyMatch(
              run -> List.of(run.get(run.indexOf("--nemesis") + 1).split(",")).contains(nemesis));
    }
    for (String workload : Workload.names()) {
      assertThat(runs).as(workload).anyMatch(run -> run.contains(workload));
    }
  }

  @Test
  @DisplayName("What does not exist is refused, and what exists is named")
  void shouldRefuseNonsense() {
    assertThatThrownBy(() -> RunPlan.runs("weekly")).hasMessageContaining("ci or nightly");
    assertThat(new CommandLine(new ChaosMain()).execute("--nemesis", "godzilla")).isEqualTo(2);
    assertThat(new CommandLine(new ChaosMain()).execute("--workload", "sleep")).isEqualTo(2);
    assertThat(new CommandLine(new ChaosMain()).execute("--plan", "weekly")).isEqualTo(2);
    assertThat(new CommandLine(new ChaosMain()).execute("--backend", "cloud")).isEqualTo(2);
  }
}
