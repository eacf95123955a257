package io.quorate.chaos.simulate.agent;

import io.quorate.agent.task.Launcher;
import io.quorate.chaos.simulate.world.World;
import io.quorate.protocol.v1.TaskState;
import java.util.Optional;
import java.util.Set;

/** The command of a task: some end by themselves, others wait to be killed, a few resist that. */
final class CommandProgram extends SimulatedRun {
  private final String task;

  /** The agent wanted it to end. */
  private boolean signalled;

  CommandProgram(SimulatedHost host, Launcher.Plan plan, AgentProcess by, long pid) {
    super(host, plan, by, pid);
    this.task = plan.environment().get("MESOS_TASK_ID");
  }

  @Override
  void begin() {
    host.agent().invariants().tasksRunOnce(task, host.agent().name());
    world.note(host.agent().name() + " runs " + task);
    if (world.below(3) > 0) {
      int status = world.oneIn(3) ? 1 : 0;
      world.after(world.between(World.MILLI, 20 * World.SECOND), () -> exit(status));
    }
  }

  @Override
  void signal(String name) {
    signalled = true;
    if (name.equals("KILL")) {
      exit(BY_KILL);
    } else if (!world.oneIn(8)) {
      int status = world.oneIn(8) ? 0 : BY_TERM;
      world.after(world.between(0, 500 * World.MILLI), () -> exit(status));
    }
  }

  @Override
  void over(Optional<Integer> status) {
    TaskState end = status.equals(Optional.of(0)) ? TaskState.TASK_FINISHED : TaskState.TASK_FAILED;
    // Where it is to end and ends, it was killed; what it says itself is no matter then.
    boolean wanted = signalled || host.agent().journal().ordered(task);
    boolean killed = status.isPresent() && wanted;
    host.agent()
        .invariants()
        .ended(task, killed ? Set.of(end, TaskState.TASK_KILLED) : Set.of(end));
    world.note(host.agent().name() + ": " + task + " ends with " + status);
  }
}
