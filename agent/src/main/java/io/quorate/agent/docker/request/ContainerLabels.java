package io.quorate.agent.docker.request;

/** The labels and names by which an agent knows its containers again, and only its own. */
public final class ContainerLabels {
  /** No task sets one that begins so. */
  public static final String PREFIX = "io.quorate.";

  /** The agent's id. */
  public static final String AGENT = PREFIX + "agent";

  /** The container's id as Mesos has it. */
  public static final String CONTAINER = PREFIX + "container";

  public static final String FRAMEWORK = PREFIX + "framework";
  public static final String EXECUTOR = PREFIX + "executor";
  public static final String TASK = PREFIX + "task";

  /** There, if it is removed at once when it ended. */
  public static final String REMOVE = PREFIX + "remove";

  private ContainerLabels() {}

  /** The name of a container, as in Mesos. */
  public static String name(String container) {
    return "mesos-" + container;
  }
}
