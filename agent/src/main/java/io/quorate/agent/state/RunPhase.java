package io.quorate.agent.state;

/** How far the process of a run is, as this process of the agent knows it. */
public enum RunPhase {
  /** There is nothing to be started. */
  NONE,
  /** It is started once a master has taken the agent back. */
  HELD,
  /** What it needs is fetched, and it is started. */
  STARTING,
  /** It was started; that it ended is found in its files. */
  RUNNING
}
