package io.quorate.agent;

import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.task.Launcher;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.TaskProcess;
import io.quorate.agent.task.VolumeMounts;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * A machine on which things run for as long as the test says. It outlives the agent's process, as
 * files and supervised processes do. Runs have the name of their task, or of their executor.
 */
final class FakeMachine implements Launcher, VolumeMounts {
  /** What is known of one run. */
  static final class FakeRun {
    final String name;
    final List<String> signals = new ArrayList<>();
    boolean alive = true;
    Optional<WaitStatus> exit = Optional.empty();
    Outcome watcher;

    FakeRun(String name) {
      this.name = name;
    }
  }

  /** A launch that waits for the test. */
  record Waiting(Plan plan, Outcome outcome, Launch launch) {}

  private final Consumer<Runnable> queue;
  private final Map<String, FakeRun> runs = new TreeMap<>();
  private final Map<String, Waiting> waiting = new TreeMap<>();
  final TreeSet<String> volumes = new TreeSet<>();
  final List<String> everStarted = new ArrayList<>();

  /** Whether launches wait for {@link #start}. */
  boolean slow;

  /** Whether something is wrong with each launch that nobody thought of. */
  boolean broken;

  FakeMachine(Consumer<Runnable> queue) {
    this.queue = queue;
  }

  private static String name(Plan plan) {
    Map<String, String> environment = plan.environment();
    return environment.getOrDefault("MESOS_TASK_ID", environment.get("MESOS_EXECUTOR_ID"));
  }

  @Override
  public void launch(Plan plan, Outcome outcome, Launch launch) {
    if (broken) {
      throw new IllegalStateException("an odd name");
    }
    if (slow) {
      waiting.put(name(plan), new Waiting(plan, outcome, launch));
    } else {
      start(new Waiting(plan, outcome, launch));
    }
  }

  private void start(Waiting launch) {
    FakeRun run = new FakeRun(name(launch.plan()));
    run.watcher = launch.outcome();
    runs.put(launch.plan().process().container(), run);
    everStarted.add(run.name);
    queue.accept(launch.outcome()::started);
  }

  /** Ends the wait of a launch; it was too late to cancel it. */
  void start(String name) {
    start(waiting.remove(name));
  }

  /** Ends the wait of a launch that can still be cancelled. */
  void startOrCancel(String name) {
    Waiting launch = waiting.remove(name);
    if (launch.launch().isCancelled()) {
      queue.accept(launch.outcome()::cancelled);
    } else {
      start(launch);
    }
  }

  /** Whether a launch waits. */
  boolean waits(String name) {
    return waiting.containsKey(name);
  }

  /** The agent's process died: what it was about to start is never started. */
  void agentDied() {
    waiting.clear();
    runs.values().forEach(run -> run.watcher = null);
  }

  Optional<FakeRun> run(String name) {
    return runs.values().stream().filter(run -> run.name.equals(name)).reduce((a, b) -> b);
  }

  List<FakeRun> alive() {
    return runs.values().stream().filter(run -> run.alive).toList();
  }

  /** The signals that a run was sent. */
  List<String> signals(String name) {
    return run(name).map(run -> run.signals).orElse(List.of());
  }

  /** A run ends, as a shell tells it; nobody is told before somebody looks. */
  void exitUnseen(String name, int status) {
    FakeRun run = run(name).orElseThrow();
    run.alive = false;
    run.exit = Optional.of(WaitStatus.ofShell(status));
  }

  /** A run ends, as wait(2) tells it; nobody is told before somebody looks. */
  void end(String name, WaitStatus status) {
    exitUnseen(name, 0);
    run(name).orElseThrow().exit = Optional.of(status);
  }

  /** A run ends, and its agent hears of it. */
  void exit(String name, int status) {
    exitUnseen(name, status);
    Outcome watcher = run(name).orElseThrow().watcher;
    if (watcher != null) {
      queue.accept(watcher::ended);
    }
  }

  @Override
  public TaskProcess process(Layout.Run of) {
    return new TaskProcess() {
      private Optional<FakeRun> run() {
        return Optional.ofNullable(runs.get(of.container()));
      }

      @Override
      public String container() {
        return of.container();
      }

      @Override
      public Path sandbox() {
        return of.sandbox();
      }

      @Override
      public boolean started() {
        return run().isPresent();
      }

      @Override
      public Optional<WaitStatus> status() {
        return run().flatMap(run -> run.exit);
      }

      @Override
      public boolean supervised() {
        return run().map(run -> run.alive).orElse(false);
      }

      @Override
      public Optional<Long> supervisorPid() {
        return run().map(run -> 7L);
      }

      @Override
      public void signal(String name) {
        run().filter(run -> run.alive).ifPresent(run -> run.signals.add(name));
      }
    };
  }

  @Override
  public void mount(
      TaskProcess process, FrameworkInfo framework, CommandInfo command, List<Resource> resources)
      throws IOException {
    for (Resource resource : resources) {
      String id = resource.getDisk().getPersistence().getId();
      if (!id.isEmpty() && !volumes.contains(id)) {
        throw new IOException("persistent volume '" + id + "' is not on this agent");
      }
    }
  }

  @Override
  public void create(Resource volume) {
    volumes.add(volume.getDisk().getPersistence().getId());
  }

  @Override
  public void destroy(Resource volume) {
    volumes.remove(volume.getDisk().getPersistence().getId());
  }

  @Override
  public Rights rights(CommandInfo command, FrameworkInfo framework) {
    return Rights.OWN;
  }

  @Override
  public void sweep(TaskProcess process) {
    // Nothing leaves its session here.
  }

  @Override
  public void touch(TaskProcess process) {
    // Nobody looks for old sandboxes here.
  }

  @Override
  public void forget(String container) {
    runs.remove(container);
  }

  @Override
  public List<String> containers() {
    return List.copyOf(runs.keySet());
  }
}
