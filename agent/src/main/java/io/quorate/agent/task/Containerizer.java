package io.quorate.agent.task;

/**
 * Runs what is no process of the agent's own: the containers of a daemon, behind the life cycle
 * that processes have (Mesos 4.9). It is used on the core thread unless a method says otherwise,
 * and waits for nothing.
 */
public interface Containerizer {
  /** Whether it runs what this plan asks for. */
  boolean takes(Launcher.Plan plan);

  /** Whether this run is one of its containers. Any thread. */
  boolean holds(String container);

  /** A run that it holds. */
  TaskProcess process(Layout.Run run);

  /**
   * Starts a container, whose sandbox is ready, unless it was started before. Any thread.
   *
   * @param launch what it can be cancelled with
   */
  void launch(Launcher.Plan plan, Launcher.Outcome outcome, Launcher.Launch launch);
}
