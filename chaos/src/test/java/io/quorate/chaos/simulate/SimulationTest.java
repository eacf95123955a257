package io.quorate.chaos.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimulationTest {
  private static final int SEEDS = Integer.getInteger("quorate.simulate.seeds", 10_000);
  private static final int SEEDS_TO_CATCH_A_BUG = 300;

  @Test
  @DisplayName("One seed, one history")
  void shouldRepeatItself() {
    Simulation.Outcome once = Simulation.run(Plan.of(42), Sabotage.NONE, true);
    Simulation.Outcome again = Simulation.run(Plan.of(42), Sabotage.NONE, true);
    Simulation.Outcome other = Simulation.run(Plan.of(43), Sabotage.NONE, true);
    assertThat(again.history()).isEqualTo(once.history()).isNotEmpty();
    assertThat(again.hash()).isEqualTo(once.hash()).isNotEqualTo(other.hash());
    assertThat(again.steps()).isEqualTo(once.steps());
  }

  @Test
  @Timeout(value = 25, unit = TimeUnit.MINUTES)
  @DisplayName("CP-079, CP-111, CP-179, CP-250 the invariants hold in every seed")
  void shouldHoldInEverySeed(@TempDir Path directory) throws Exception {
    Path output = directory.resolve("simulate.txt");
    Process simulator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName(),
                "--seeds",
                Integer.toString(SEEDS),
                "--threads",
                Integer.toString(Runtime.getRuntime().availableProcessors()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = simulator.waitFor(24, TimeUnit.MINUTES);
    simulator.destroyForcibly();
    System.out.println(Files.readString(output).lines().findFirst().orElse(""));
    assertThat(ended).as("ended in time").isTrue();
    assertThat(simulator.exitValue()).as(Files.readString(output)).isZero();
  }

  static Set<String> bugs() {
    return PlantedBugs.all().keySet();
  }

  @ParameterizedTest
  @MethodSource("bugs")
  @DisplayName("A planted bug is caught")
  void shouldCatch(String bug) {
    Optional<String> caught = Optional.empty();
    for (long seed = 1; seed <= SEEDS_TO_CATCH_A_BUG && caught.isEmpty(); seed++) {
      caught = Simulation.run(Plan.of(seed), PlantedBugs.all().get(bug).get(), false).failure();
      long at = seed;
      caught.ifPresent(how -> System.out.println(bug + ": seed " + at + ": " + how));
    }
    assertThat(caught).as(bug).isPresent();
  }

  @Test
  @DisplayName("A failing plan is made smaller, and still fails")
  void shouldShrink() {
    Sabotage sabotage = PlantedBugs.all().get("an ACCEPT does not consume its offer").get();
    long seed = 1;
    while (Simulation.run(Plan.of(seed), sabotage, false).failure().isEmpty()) {
      seed++;
    }
    Plan small = Shrinker.shrink(Plan.of(seed), sabotage);
    assertThat(small.deeds()).hasSizeLessThan(10);
    assertThat(Simulation.run(small, sabotage, false).failure()).isPresent();
    assertThat(Shrinker.report(seed, sabotage)).contains("seed " + seed, "history:");
  }
}
