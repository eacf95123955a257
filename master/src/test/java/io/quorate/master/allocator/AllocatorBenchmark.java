package io.quorate.master.allocator;

import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.id.AgentId;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Rounds of one allocator, the upkeep of its view included: what changed since the round before is
 * part of what is measured, how the state came to change is not.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 12)
@Measurement(iterations = 12)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx6g", "-XX:+UseParallelGC"})
public class AllocatorBenchmark {
  private static final String AGENT = "cpus:24;mem:65536;disk:1048576;ports:[31000-32000]";

  /** A cluster of some size. */
  @State(Scope.Benchmark)
  public static class Grid {
    @Param({"1000", "10000", "50000"})
    private int agents;

    @Param({"1", "200", "1000", "6000"})
    private int frameworks;

    private Cluster cluster;
    private Allocator allocator;
    private List<ProposedOffer> last = List.of();
    private MasterState state;
    private Changes changes;
    private int touched;
    private AgentId added;

    /** A cluster in which everybody has refused something. */
    @Setup(Level.Trial)
    public void start() {
      cluster = new Cluster(AGENT);
      cluster.agents(agents);
      cluster.frameworks(frameworks, false);
      allocator = new Allocator(AllocatorSettings.DEFAULT);
      last = allocator.propose(cluster.state(), cluster.takeChanges(), true);
    }

    private void freeze() {
      state = cluster.state();
      changes = cluster.takeChanges();
    }

    private List<ProposedOffer> propose(boolean full) {
      last = allocator.propose(state, changes, full);
      return last;
    }
  }

  /** Every offer of the round before was declined. */
  @State(Scope.Benchmark)
  public static class AllDeclined {
    @Setup(Level.Iteration)
    public void decline(Grid of) {
      of.cluster.decline(of.last);
      of.freeze();
    }
  }

  @Benchmark
  public List<ProposedOffer> fullRound(Grid grid, AllDeclined unused) {
    return grid.propose(true);
  }

  /** One agent is free again, all others are as they were. */
  @State(Scope.Benchmark)
  public static class OneAgentChanged {
    @Setup(Level.Iteration)
    public void touch(Grid of) {
      of.cluster.decline(of.last);
      of.last = of.allocator.propose(of.cluster.state(), of.cluster.takeChanges(), true);
      of.cluster.decline(of.last);
      of.last = of.allocator.propose(of.cluster.state(), of.cluster.takeChanges(), false);
      of.cluster.touch(of.touched++ % of.agents);
      of.freeze();
    }
  }

  @Benchmark
  public List<ProposedOffer> oneAgentChanged(Grid grid, OneAgentChanged unused) {
    return grid.propose(false);
  }

  /** One agent more, and one less. */
  @State(Scope.Benchmark)
  public static class AgentsComeAndGo {
    @Setup(Level.Iteration)
    public void change(Grid of) {
      if (of.added == null) {
        of.added = of.cluster.addAgent();
      } else {
        of.cluster.removeAgent(of.added);
        of.added = null;
      }
      of.freeze();
    }
  }

  @Benchmark
  public List<ProposedOffer> agentAddedOrRemoved(Grid grid, AgentsComeAndGo unused) {
    return grid.propose(false);
  }
}
