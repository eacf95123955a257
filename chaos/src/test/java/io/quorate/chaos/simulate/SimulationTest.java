package io.quorate.chaos.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.world.ActionPlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SimulationTest {
  /** How long the sweep of masters goes on, seconds; a machine that is slow runs fewer seeds. */
  private static final int SECONDS = Integer.getInteger("quorate.simulate.seconds", 150);

  /** The same of the log's sweep, whose seeds are about a hundred times as fast. */
  private static final int SECONDS_OF_THE_LOG =
      Integer.getInteger("quorate.simulate.log.seconds", 45);

  /** How many seeds are run however long it takes. */
  private static final int SEEDS_LEAST = 100;

  private static final int SEEDS_LEAST_OF_THE_LOG = 1_000;

  /** A bug of the log may need a rare order of events; such worlds are small. */
  private static final int SEEDS_TO_CATCH_A_BUG = 1_000;

  private static final int SEEDS_TO_CATCH_A_BUG_OF_THE_LOG = 3_000;

  @Test
  @DisplayName("One seed, one history")
  void shouldRepeatItself() {
    Simulation.Outcome once = Simulation.run(ActionPlan.of(42), InjectedBug.NONE, true);
    Simulation.Outcome again = Simulation.run(ActionPlan.of(42), InjectedBug.NONE, true);
    Simulation.Outcome other = Simulation.run(ActionPlan.of(43), InjectedBug.NONE, true);
    assertThat(again.history()).isEqualTo(once.history()).isNotEmpty();
    assertThat(again.hash()).isEqualTo(once.hash()).isNotEqualTo(other.hash());
    assertThat(again.steps()).isEqualTo(once.steps());
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  @DisplayName("CP-179, CP-250 the invariants hold in every seed")
  void shouldHoldInEverySeed(@TempDir Path directory) throws Exception {
    sweep(directory, ActionPlan.Floor.MASTERS, SEEDS_LEAST, SECONDS);
  }

  @Test
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  @DisplayName("the log keeps its promises in every seed")
  void shouldHoldInEverySeedOfTheLog(@TempDir Path directory) throws Exception {
    sweep(directory, ActionPlan.Floor.LOG, SEEDS_LEAST_OF_THE_LOG, SECONDS_OF_THE_LOG);
  }

  private static void sweep(Path directory, ActionPlan.Floor floor, int least, int seconds)
      throws Exception {
    Path output = directory.resolve("simulate.txt");
    Process simulator =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                SimulateMain.class.getName(),
                "--floor",
                floor.name(),
                "--seeds",
                Integer.toString(least),
                "--seconds",
                Integer.toString(seconds),
                "--threads",
                Integer.toString(Runtime.getRuntime().availableProcessors()))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    boolean ended = simulator.waitFor(14, TimeUnit.MINUTES);
    simulator.destroyForcibly();
    System.out.println(Files.readString(output).lines().findFirst().orElse(""));
    assertThat(ended).as("ended in time").isTrue();
    assertThat(simulator.exitValue()).as(Files.readString(output)).isZero();
  }

  static List<InjectedBugs.Bug> bugs() {
    return InjectedBugs.all();
  }

  @ParameterizedTest
  @Timeout(value = 30, unit = TimeUnit.MINUTES)
  @MethodSource("bugs")
  @DisplayName("An injected bug is caught by the invariant that it breaks")
  void shouldCatch(InjectedBugs.Bug bug) {
    int seeds =
        bug.floor() == ActionPlan.Floor.LOG
            ? SEEDS_TO_CATCH_A_BUG_OF_THE_LOG
            : SEEDS_TO_CATCH_A_BUG;
    Set<String> others = new TreeSet<>();
    for (long seed = bug.firstSeed(); seed < bug.firstSeed() + seeds; seed++) {
      ActionPlan plan = ActionPlan.of(seed, bug.floor());
      Optional<String> broken = Simulation.run(plan, bug.injectedBug().get(), false).failure();
      if (broken.isPresent() && broken.get().startsWith(bug.invariant())) {
        System.out.println("| " + bug + " | " + bug.floor() + " | " + broken.get() + " | " + seed);
        return;
      }
      broken.ifPresent(others::add);
    }
    fail(bug + " was not caught; broken were " + others);
  }

  @Test
  @DisplayName("A failing plan is made smaller, and still fails")
  void shouldShrink() {
    InjectedBug injectedBug =
        InjectedBugs.named("an ACCEPT does not consume its offer").injectedBug().get();
    long seed = 1;
    while (Simulation.run(ActionPlan.of(seed), injectedBug, false).failure().isEmpty()) {
      seed++;
    }
    ActionPlan small = Shrinker.shrink(ActionPlan.of(seed), injectedBug);
    assertThat(small.actions()).hasSizeLessThan(10);
    assertThat(Simulation.run(small, injectedBug, false).failure()).isPresent();
    assertThat(Shrinker.report(ActionPlan.of(seed), injectedBug))
        .contains("seed " + seed, "history:");
  }
}
