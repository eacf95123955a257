package io.quorate.agent;

import io.quorate.agent.check.Probes;
import io.quorate.agent.check.Target;
import io.quorate.agent.check.TaskChecks;
import io.quorate.agent.decide.AgentInput;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.RunId;
import io.quorate.protocol.v1.CheckStatusInfo;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Looks after the tasks that have checks, from their start until they end or are to end (Mesos
 * 4.13). It is used on the core thread only.
 */
final class CheckScheduler {
  private final Probes probes;
  private final LongSupplier nanos;
  private final Consumer<Runnable> core;
  private final Consumer<AgentInput> inputs;
  private final Map<RunId, TaskChecks> checks = new HashMap<>();

  /**
   * Makes one.
   *
   * @param nanos the clock of durations
   * @param core runs things on the core thread
   * @param inputs takes what is found, on the core thread
   */
  CheckScheduler(
      Probes probes, LongSupplier nanos, Consumer<Runnable> core, Consumer<AgentInput> inputs) {
    this.probes = probes;
    this.nanos = nanos;
    this.core = core;
    this.inputs = inputs;
  }

  /** The task runs: it is looked after. */
  void begin(AgentTask task, Target target) {
    RunId run = task.run();
    checks.put(
        run,
        new TaskChecks(
            probes,
            task.info(),
            target,
            nanos,
            core,
            new TaskChecks.Observer() {
              @Override
              public void health(boolean healthy, boolean over, String why) {
                inputs.accept(new AgentInput.HealthChecked(run, healthy, over, why));
              }

              @Override
              public void checked(CheckStatusInfo status) {
                inputs.accept(new AgentInput.Checked(run, status));
              }
            }));
  }

  /** Looks where it is time to. */
  void tick(AgentState state) {
    long now = nanos.getAsLong();
    checks
        .entrySet()
        .removeIf(
            entry -> {
              boolean watched =
                  state
                      .taskOf(entry.getKey())
                      .filter(task -> !task.terminal() && !task.killed())
                      .isPresent();
              if (!watched) {
                entry.getValue().stop();
              }
              return !watched;
            });
    // A check that cannot be done has a result at once, which may end others.
    List.copyOf(checks.values()).forEach(check -> check.tick(now));
  }
}
