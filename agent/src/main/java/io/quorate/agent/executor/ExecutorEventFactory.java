package io.quorate.agent.executor;

import com.google.protobuf.ByteString;
import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentTask;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.executor.Event;
import java.util.List;

/** Makes the events that executors are sent (Mesos 4.6). */
public final class ExecutorEventFactory {
  public static final Event HEARTBEAT = of(Event.Type.HEARTBEAT).build();
  public static final Event SHUTDOWN = of(Event.Type.SHUTDOWN).build();

  private ExecutorEventFactory() {}

  private static Event.Builder of(Event.Type type) {
    return Event.newBuilder().setType(type);
  }

  /** Returns SUBSCRIBED, which is the first event of a stream (CP-309). */
  public static Event subscribed(AgentExecutor executor, AgentInfo agent, String container) {
    Event.Builder event = of(Event.Type.SUBSCRIBED);
    event
        .getSubscribedBuilder()
        .setExecutorInfo(executor.info())
        .setFrameworkInfo(executor.framework())
        .setAgentInfo(agent)
        .getContainerIdBuilder()
        .setValue(container);
    return event.build();
  }

  /** LAUNCH of one task, or LAUNCH_GROUP of tasks that were launched together (CP-240). */
  public static Event launch(List<AgentTask> tasks) {
    if (!tasks.get(0).kept().getGrouped()) {
      Event.Builder event = of(Event.Type.LAUNCH);
      event.getLaunchBuilder().setTask(tasks.get(0).info());
      return event.build();
    }
    Event.Builder event = of(Event.Type.LAUNCH_GROUP);
    tasks.forEach(
        task -> event.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(task.info()));
    return event.build();
  }

  /** Returns KILL with the policy of the latest kill. */
  public static Event kill(AgentTask task) {
    Event.Builder event = of(Event.Type.KILL);
    event.getKillBuilder().setTaskId(task.info().getTaskId());
    if (task.kept().hasKillPolicy()) {
      event.getKillBuilder().setKillPolicy(task.kept().getKillPolicy());
    }
    return event.build();
  }

  /** ACKNOWLEDGED: an update is on the agent's disk (CP-314). */
  public static Event acknowledged(TaskID task, ByteString uuid) {
    Event.Builder event = of(Event.Type.ACKNOWLEDGED);
    event.getAcknowledgedBuilder().setTaskId(task).setUuid(uuid);
    return event.build();
  }

  /** Returns MESSAGE, which carries words of the scheduler (CP-162). */
  public static Event message(ByteString data) {
    Event.Builder event = of(Event.Type.MESSAGE);
    event.getMessageBuilder().setData(data);
    return event.build();
  }
}
