package io.quorate.agent.task;

import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.protocol.v1.ExecutorInfo;
import java.util.ArrayList;
import java.util.List;

/** What is limited as one (Mesos 4.9). */
public final class Units {
  private Units() {}

  /** A command task. */
  public static RootContainer of(String agentId, AgentTask task) {
    String container = Layout.container(agentId, task.launch.getNumber());
    return new RootContainer(container, List.of(container), ContainerResources.of(task.info()));
  }

  /**
   * An executor with its tasks.
   *
   * @param number of the command that launched it
   * @param tasks those that are over do not count
   */
  public static RootContainer of(
      String agentId, ExecutorInfo info, long number, List<AgentTask> tasks) {
    List<String> containers = new ArrayList<>();
    containers.add(Layout.container(agentId, number));
    ContainerResources amounts = ContainerResources.of(info.getResourcesList());
    for (AgentTask each : tasks) {
      if (!each.terminal()) {
        amounts = amounts.plus(ContainerResources.of(each.info()));
        containers.add(Layout.container(agentId, each.launch.getNumber(), each.id.task()));
      }
    }
    return new RootContainer(containers.get(0), containers, amounts);
  }
}
