package io.quorate.agent.task;

import io.quorate.agent.isolate.Amounts;
import io.quorate.agent.isolate.Unit;
import io.quorate.protocol.v1.ExecutorInfo;
import java.util.ArrayList;
import java.util.List;

/** What is limited as one (Mesos 4.9). */
public final class Units {
  private Units() {}

  /** A command task. */
  public static Unit of(String agentId, AgentTask task) {
    String container = Layout.container(agentId, task.launch.getNumber());
    return new Unit(container, List.of(container), Amounts.of(task.info()));
  }

  /**
   * An executor with its tasks.
   *
   * @param number of the command that launched it
   * @param tasks those that are over do not count
   */
  public static Unit of(String agentId, ExecutorInfo info, long number, List<AgentTask> tasks) {
    List<String> containers = new ArrayList<>();
    containers.add(Layout.container(agentId, number));
    Amounts amounts = Amounts.of(info.getResourcesList());
    for (AgentTask each : tasks) {
      if (!each.terminal()) {
        amounts = amounts.plus(Amounts.of(each.info()));
        containers.add(Layout.container(agentId, each.launch.getNumber(), each.id.task()));
      }
    }
    return new Unit(containers.get(0), containers, amounts);
  }
}
