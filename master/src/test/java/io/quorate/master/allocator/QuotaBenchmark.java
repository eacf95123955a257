package io.quorate.master.allocator;

import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
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

/** A full round over roles that all have a guarantee, a limit and one framework. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 12)
@Measurement(iterations = 12)
@Fork(
    value = 1,
    jvmArgs = {"-Xmx6g", "-XX:+UseParallelGC"})
public class QuotaBenchmark {
  private static final String AGENT = "cpus:24;mem:65536;disk:1048576;ports:[31000-32000]";

  @Param("3000")
  private int roles;

  /** So that all guarantees fit, several to an agent. */
  @Param("1000")
  private int agents;

  private Cluster cluster;
  private Allocator allocator;
  private List<ProposedOffer> last = List.of();
  private MasterState state;
  private Changes changes;

  @Setup(Level.Trial)
  public void start() {
    cluster = new Cluster(AGENT);
    cluster.agents(agents);
    cluster.quotas(roles, 4, 8192);
    cluster.frameworks(roles, true);
    allocator = new Allocator(AllocatorSettings.DEFAULT);
  }

  @Setup(Level.Iteration)
  public void decline() {
    cluster.decline(last);
    state = cluster.state();
    changes = cluster.takeChanges();
  }

  @Benchmark
  public List<ProposedOffer> fullRound() {
    last = allocator.propose(state, changes, true);
    return last;
  }
}
