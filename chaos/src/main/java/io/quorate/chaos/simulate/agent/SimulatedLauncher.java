package io.quorate.chaos.simulate.agent;

import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.task.Launcher;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.TaskProcess;
import io.quorate.agent.task.VolumeMounts;
import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.world.World;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What one process of an agent does to its machine. */
final class SimulatedLauncher implements Launcher, VolumeMounts {
  private final World world;
  private final SimulatedAgent agent;
  private final AgentProcess by;
  private final Layout layout;

  SimulatedLauncher(World world, SimulatedAgent agent, AgentProcess by, Layout layout) {
    this.world = world;
    this.agent = agent;
    this.by = by;
    this.layout = layout;
  }

  /** A run, as this process of the agent finds it. */
  private final class Found implements TaskProcess {
    private final Layout.Run of;

    Found(Layout.Run of) {
      this.of = of;
    }

    private Optional<SimulatedRun> run() {
      return Optional.ofNullable(agent.host().run(of.container()));
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
      boolean forgotten = agent.injectedBug().has(BugSwitch.AGENT_LAUNCHES_AGAIN);
      return run().filter(run -> !forgotten || run.by() == by).isPresent();
    }

    @Override
    public Optional<WaitStatus> status() {
      boolean lost = agent.injectedBug().has(BugSwitch.AGENT_LOSES_ENDS);
      return run()
          .filter(run -> !lost || !run.unseen())
          .flatMap(SimulatedRun::exitStatus)
          .map(WaitStatus::ofShell);
    }

    @Override
    public boolean supervised() {
      return run().filter(SimulatedRun::alive).isPresent();
    }

    @Override
    public Optional<Long> supervisorPid() {
      return run().map(SimulatedRun::pid);
    }

    @Override
    public void signal(String name) {
      run().filter(SimulatedRun::alive).ifPresent(run -> run.signal(name));
    }
  }

  @Override
  public TaskProcess process(Layout.Run run) {
    return new Found(run);
  }

  /** Mostly quick, but what has to be fetched may take its time. */
  @Override
  public void launch(Plan plan, Outcome outcome, Launch launch) {
    long most = world.oneIn(4) ? 2 * World.SECOND : 50 * World.MILLI;
    by.process()
        .after(world.between(World.MILLI, most), () -> by.post(started(plan, launch, outcome)));
  }

  private Runnable started(Plan plan, Launch launch, Outcome outcome) {
    if (launch.isCancelled()) {
      return outcome::cancelled;
    }
    try {
      mount(plan.process(), plan.framework(), plan.command(), plan.resources());
    } catch (IOException e) {
      return () -> outcome.failed("Failed to launch: " + e.getMessage());
    }
    agent.host().start(plan, by).watch(() -> by.process().run(() -> by.post(outcome::ended)));
    return outcome::started;
  }

  @Override
  public void mount(
      TaskProcess process, FrameworkInfo framework, CommandInfo command, List<Resource> resources)
      throws IOException {
    for (Resource resource : resources) {
      if (resource.getDisk().hasPersistence() && !agent.host().volumes().contains(path(resource))) {
        throw new IOException(path(resource) + " is not on this agent");
      }
    }
  }

  private String path(Resource volume) {
    return layout.volume(volume).toString();
  }

  @Override
  public void create(Resource volume) {
    agent.host().volumes().add(path(volume));
  }

  @Override
  public void destroy(Resource volume) {
    agent.host().volumes().remove(path(volume));
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
    agent.host().forget(container);
  }

  @Override
  public List<String> containers() {
    return agent.host().containers();
  }
}
