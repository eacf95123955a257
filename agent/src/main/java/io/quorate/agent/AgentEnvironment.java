package io.quorate.agent;

import io.quorate.agent.check.Probes;
import io.quorate.agent.check.VertxProbes;
import io.quorate.agent.docker.DockerIsolator;
import io.quorate.agent.docker.DockerLauncher;
import io.quorate.agent.docker.DockerProbes;
import io.quorate.agent.executor.ExecutorTokens;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.Isolators;
import io.quorate.agent.link.MasterLink;
import io.quorate.agent.store.AgentJournal;
import io.quorate.agent.supervise.Supervisor;
import io.quorate.agent.supervise.SupervisorProgram;
import io.quorate.agent.task.Launcher;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.ProcessLauncher;
import io.quorate.agent.task.Sources;
import io.quorate.agent.task.VolumeDirectories;
import io.quorate.agent.task.VolumeMounts;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * All that the core reaches for outside of itself, so that it may run on a real machine or on one
 * that is simulated.
 *
 * @param queue hands things to the core thread; any thread
 */
public record AgentEnvironment(
    Sources sources,
    Consumer<Runnable> queue,
    AgentJournal journal,
    MasterLink link,
    Launcher launcher,
    VolumeMounts volumes,
    Isolator isolator,
    Probes probes,
    ExecutorTokens tokens) {
  /**
   * Returns the environment of the machine on which this process runs.
   *
   * @throws IOException if its directories or cgroups cannot be used
   */
  static AgentEnvironment real(
      Vertx vertx,
      AgentSettings settings,
      Consumer<Runnable> queue,
      AgentJournal journal,
      MasterLink link)
      throws IOException {
    Layout layout = Layout.of(settings);
    ExecutorTokens tokens = ExecutorTokens.open(layout.meta().resolve("executor.key"));
    DockerLauncher docker = new DockerLauncher(settings, layout, queue);
    Isolator isolator = new DockerIsolator(Isolators.of(settings.isolation()), docker);
    Supervisor supervisor = SupervisorProgram.install(layout.meta());
    Launcher launcher = new ProcessLauncher(settings, layout, queue, isolator, supervisor, docker);
    docker.recover(launcher.containers());
    return new AgentEnvironment(
        Sources.system(),
        queue,
        journal,
        link,
        launcher,
        new VolumeDirectories(layout),
        isolator,
        new DockerProbes(settings, new VertxProbes(vertx, settings.checksMax(), supervisor)),
        tokens);
  }
}
