package io.quorate.master.decide;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The properties of dominant resource fairness (Ghodsi et al., NSDI 2011, section 3) for tasks that
 * cannot be divided, where each holds up to one task.
 */
class FairnessPropertiesTest {
  private static final int RUNS = 40;
  private static final double EPSILON = 1e-9;

  /** Thousands of cpus and of megabytes: whole tasks, many to a share. */
  private record Shape(int cpus, int mem) {
    @Override
    public String toString() {
      return "cpus:" + cpus + ";mem:" + mem * 1000;
    }

    /** The dominant share of one. */
    double share(Shape cluster) {
      return Math.max((double) cpus / cluster.cpus, (double) mem / cluster.mem);
    }

    /** How many tasks of this shape are in so much. */
    int in(double someCpus, double someMem) {
      return (int) Math.min(Math.floor(someCpus / cpus), Math.floor(someMem / mem));
    }
  }

  static LongStream seeds() {
    return LongStream.range(0, RUNS);
  }

  private static List<Shape> shapes(SplittableRandom random) {
    List<Shape> shapes = new ArrayList<>();
    int frameworks = 2 + random.nextInt(3);
    for (int i = 0; i < frameworks; i++) {
      shapes.add(new Shape(1 + random.nextInt(4), 1 + random.nextInt(4)));
    }
    return shapes;
  }

  private static List<Integer> run(Shape cluster, List<Shape> shapes) {
    Scenario scenario = new Scenario();
    scenario.agent(0, cluster.toString());
    Demands demands = new Demands(scenario);
    for (int i = 0; i < shapes.size(); i++) {
      demands.wants("r" + i, shapes.get(i).toString());
    }
    demands.fill();
    return demands.running();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @DisplayName("sharing incentive, envy-freeness, Pareto efficiency")
  void shouldBeFair(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape cluster = new Shape(20 + random.nextInt(30), 20 + random.nextInt(30));
    List<Shape> shapes = shapes(random);
    List<Integer> running = run(cluster, shapes);
    int n = shapes.size();
    double ones = shapes.stream().mapToDouble(shape -> shape.share(cluster)).sum();
    int freeCpus = cluster.cpus;
    int freeMem = cluster.mem;
    for (int i = 0; i < n; i++) {
      freeCpus -= running.get(i) * shapes.get(i).cpus;
      freeMem -= running.get(i) * shapes.get(i).mem;
    }
    for (int i = 0; i < n; i++) {
      Shape mine = shapes.get(i);
      // Blocked, i had a share of at least (1 - one task of each) / n: what is not free is others'.
      assertThat(n * running.get(i) * mine.share(cluster))
          .as("%s: %s of %s gets its equal part", shapes, i, running)
          .isGreaterThanOrEqualTo(1 - ones - EPSILON);
      for (int j = 0; j < n; j++) {
        // From then on j got at most what is too little for one task of i.
        Shape other = shapes.get(j);
        int late = 1 + Math.max((mine.cpus - 1) / other.cpus, (mine.mem - 1) / other.mem);
        int there = Math.max(0, running.get(j) - late);
        assertThat(running.get(i))
            .as("%s: %s does not envy %s: %s", shapes, i, j, running)
            .isGreaterThanOrEqualTo(mine.in(there * other.cpus, there * other.mem));
      }
      assertThat(mine.in(freeCpus, freeMem)).as("%s: nothing is left for %s", shapes, i).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  @DisplayName("strategy-proofness: who asks for other tasks than it runs does not run more")
  void shouldNotRewardLies(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Shape cluster = new Shape(60 + random.nextInt(60), 60 + random.nextInt(60));
    List<Shape> shapes = shapes(random);
    int honest = run(cluster, shapes).get(0);
    Shape truth = shapes.get(0);
    Shape lie = new Shape(1 + random.nextInt(6), 1 + random.nextInt(6));
    List<Shape> lied = new ArrayList<>(shapes);
    lied.set(0, lie);
    int tasks = run(cluster, lied).get(0);
    // Only the last task of each, in either run, may go one way or the other.
    double ones =
        lie.share(cluster) + shapes.stream().mapToDouble(shape -> shape.share(cluster)).sum();
    assertThat(truth.in(tasks * lie.cpus, tasks * lie.mem) * truth.share(cluster))
        .as("%s asked for %s among %s and gets %s for %s", truth, lie, shapes, tasks, honest)
        .isLessThanOrEqualTo(honest * truth.share(cluster) + ones + EPSILON);
  }
}
