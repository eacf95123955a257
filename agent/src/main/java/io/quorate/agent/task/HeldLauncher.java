package io.quorate.agent.task;

import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Starts nothing before a master has taken the agent back. An agent that comes up again may have an
 * old work directory, by which tasks that ran were never started; the master sees that and refuses
 * it. What runs is taken up at once, whoever leads.
 */
public final class HeldLauncher implements Launcher {
  private final Launcher launcher;
  private final List<Runnable> held = new ArrayList<>();
  private boolean released;

  public HeldLauncher(Launcher launcher) {
    this.launcher = launcher;
  }

  @Override
  public void launch(Plan plan, Outcome outcome, Launch launch) {
    if (released) {
      launcher.launch(plan, outcome, launch);
    } else {
      held.add(
          () -> {
            if (launch.isCancelled()) {
              outcome.cancelled();
            } else {
              launcher.launch(plan, outcome, launch);
            }
          });
    }
  }

  /** A master has taken the agent back. */
  public void release() {
    released = true;
    List<Runnable> starts = List.copyOf(held);
    held.clear();
    starts.forEach(Runnable::run);
  }

  @Override
  public TaskProcess process(Layout.Run run) {
    return launcher.process(run);
  }

  @Override
  public void mount(
      TaskProcess process, FrameworkInfo framework, CommandInfo command, List<Resource> resources)
      throws IOException {
    launcher.mount(process, framework, command, resources);
  }

  @Override
  public List<String> lower(CommandInfo command, FrameworkInfo framework) throws IOException {
    return launcher.lower(command, framework);
  }

  @Override
  public void sweep(TaskProcess process) {
    launcher.sweep(process);
  }

  @Override
  public void touch(TaskProcess process) {
    launcher.touch(process);
  }

  @Override
  public void forget(TaskProcess process) {
    launcher.forget(process);
  }
}
