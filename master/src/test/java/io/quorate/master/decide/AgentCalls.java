package io.quorate.master.decide;

import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;

/** What agents say. */
final class AgentCalls {
  private AgentCalls() {}

  /** SUBSCRIBE of an agent that can do all that agents can. */
  static AgentCall.Builder registration(int number, String resources) {
    AgentCall.Subscribe.Builder subscribe =
        AgentCall.Subscribe.newBuilder()
            .setAgentInfo(
                AgentInfo.newBuilder()
                    .setHostname("h" + number)
                    .addAllResources(ResourceText.parse(resources)))
            .setVersion("1.11.0")
            .setRegistrationId("r" + number);
    for (AgentInfo.Capability.Type capability : AgentInfo.Capability.Type.values()) {
      boolean without =
          capability == AgentInfo.Capability.Type.UNKNOWN
              || capability == AgentInfo.Capability.Type.TASK_RESOURCE_LIMITS;
      if (!without) {
        subscribe.addCapabilitiesBuilder().setType(capability);
      }
    }
    return AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE).setSubscribe(subscribe);
  }

  static TaskReport report(int framework, String task, TaskState taskState) {
    return TaskReport.newBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(Scenario.id(framework)))
        .setTaskId(TaskID.newBuilder().setValue(task))
        .setState(taskState)
        .build();
  }
}
