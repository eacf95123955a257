package io.quorate.agent.executor;

import com.google.protobuf.ByteString;
import io.quorate.agent.task.AgentTask;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.KillPolicy;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.executor.Event;
import java.util.List;

/** What executors are told (Mesos 4.6). */
public final class Events {
  public static final Event HEARTBEAT = of(Event.Type.HEARTBEAT).build();
  static final Event SHUTDOWN = of(Event.Type.SHUTDOWN).build();

  private Events() {}

  private static Event.Builder of(Event.Type type) {
    return Event.newBuilder().setType(type);
  }

  /** CP-309. */
  static Event subscribed(AgentExecutor executor, AgentInfo agent) {
    Event.Builder event = of(Event.Type.SUBSCRIBED);
    event
        .getSubscribedBuilder()
        .setExecutorInfo(executor.info)
        .setFrameworkInfo(executor.framework)
        .setAgentInfo(agent)
        .getContainerIdBuilder()
        .setValue(executor.process.container());
    return event.build();
  }

  static Event launch(TaskInfo task) {
    Event.Builder event = of(Event.Type.LAUNCH);
    event.getLaunchBuilder().setTask(task);
    return event.build();
  }

  static Event launchGroup(List<AgentTask> tasks) {
    Event.Builder event = of(Event.Type.LAUNCH_GROUP);
    tasks.forEach(
        each -> event.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(each.info()));
    return event.build();
  }

  static Event kill(AgentTask task) {
    Event.Builder event = of(Event.Type.KILL);
    event.getKillBuilder().setTaskId(task.info().getTaskId());
    KillPolicy policy = task.killPolicy;
    if (policy != null) {
      event.getKillBuilder().setKillPolicy(policy);
    }
    return event.build();
  }

  static Event acknowledged(TaskID task, ByteString uuid) {
    Event.Builder event = of(Event.Type.ACKNOWLEDGED);
    event.getAcknowledgedBuilder().setTaskId(task).setUuid(uuid);
    return event.build();
  }

  static Event message(ByteString data) {
    Event.Builder event = of(Event.Type.MESSAGE);
    event.getMessageBuilder().setData(data);
    return event.build();
  }
}
