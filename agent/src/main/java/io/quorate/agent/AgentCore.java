package io.quorate.agent;

import com.google.protobuf.ByteString;
import io.quorate.agent.link.MasterLink;
import io.quorate.agent.store.Journal;
import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.task.Layout;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's one thread: everything that happens comes through its queue. What is taken together
 * is journalled together, synced once, and only then acted on: a command is checkpointed before it
 * is carried out, an update before it is sent.
 *
 * <p>Commands are numbered. One that is not higher than the last is skipped, a gap ends the link:
 * so a command is neither lost nor carried out twice, whoever leads.
 */
public final class AgentCore implements MasterLink.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCore.class);
  private static final String VERSION = "1.11.0";
  private static final int QUEUE_MAX = 100_000;
  private static final int BATCH_MAX = 1_000;
  private static final long TICK_MILLIS = 50;

  private final AgentSettings settings;
  private final Journal journal;
  private final MasterLink link;
  private final TaskRunner runner;
  private final LinkedBlockingQueue<Runnable> queue = new LinkedBlockingQueue<>(QUEUE_MAX);
  private final List<Runnable> afterSync = new ArrayList<>();
  private final Memory memory = new Memory();
  private volatile boolean stopped;

  public AgentCore(AgentSettings settings, Journal journal, MasterLink link) throws IOException {
    this.settings = settings;
    this.journal = journal;
    this.link = link;
    this.runner = new TaskRunner(settings, new Layout(settings.workDir().toAbsolutePath()), this);
  }

  /** The id, once there is one. */
  public String agentId() {
    return memory.agentId;
  }

  /** Where a path of the files API leads. */
  public Layout layout() {
    return runner.layout();
  }

  /** Reads the journal and takes its memory.tasks up again. */
  public void recover() throws IOException {
    journal.read().forEach(memory::take);
    // Only the process that dies in the middle leaves one; doing it twice comes to the same.
    for (Command.ApplyOperation each : memory.unfinished.values()) {
      memory.operations.take(memory.operations.carryOut(each, layout(), uuid()).getOperation());
    }
    memory.unfinished.clear();
    if (memory.registrationId.isEmpty()) {
      memory.registrationId = UUID.randomUUID().toString();
    }
    journal.replace(memory.compacted());
    if (!memory.agentId.isEmpty()) {
      LOG.info(
          "Agent {} takes up {} memory.tasks; last command {}",
          memory.agentId,
          memory.tasks.size(),
          memory.lastCommand);
      runner.identified(memory.agentId);
      List.copyOf(memory.tasks.values()).forEach(runner::recover);
      afterBatch();
    }
  }

  // -- The loop ---------------------------------------------------------------------------------

  /** Hands something to the core thread. */
  public void post(Runnable event) {
    if (!queue.offer(event)) {
      // Rather die and recover from the journal than lose what happened.
      LOG.error("More than {} events wait: the agent stops", QUEUE_MAX);
      Runtime.getRuntime().halt(70);
    }
  }

  /** Runs the loop until {@link #stop}. */
  public void run() {
    List<Runnable> batch = new ArrayList<>();
    while (!stopped) {
      try {
        Runnable first = queue.poll(TICK_MILLIS, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          queue.drainTo(batch, BATCH_MAX);
        }
        batch.forEach(Runnable::run);
        batch.clear();
        runner.tick(memory.tasks.values());
        afterBatch();
        sendDueUpdates();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      } catch (IOException e) {
        LOG.error("The journal cannot be written: the agent stops", e);
        Runtime.getRuntime().halt(70);
      }
    }
  }

  public void stop() {
    stopped = true;
  }

  private void afterBatch() throws IOException {
    while (true) {
      journal.sync();
      if (afterSync.isEmpty()) {
        return;
      }
      List<Runnable> actions = List.copyOf(afterSync);
      afterSync.clear();
      actions.forEach(Runnable::run);
    }
  }

  private void record(JournalRecord record, Runnable then) {
    try {
      journal.append(record);
    } catch (IOException e) {
      LOG.error("The journal cannot be written: the agent stops", e);
      Runtime.getRuntime().halt(70);
    }
    afterSync.add(then);
  }

  // -- The link ---------------------------------------------------------------------------------

  @Override
  public AgentCall subscription() {
    AgentInfo.Builder info =
        AgentInfo.newBuilder()
            .setHostname(settings.hostname())
            .setPort(settings.port())
            .addAllResources(settings.resources())
            .addAllAttributes(settings.attributes());
    settings.domain().ifPresent(info::setDomain);
    AgentCall.Subscribe.Builder subscribe =
        AgentCall.Subscribe.newBuilder()
            .setAgentInfo(info)
            .setVersion(VERSION)
            .setRegistrationId(memory.registrationId)
            .setHighestTerm(memory.highestTerm);
    for (AgentInfo.Capability.Type each :
        List.of(
            AgentInfo.Capability.Type.MULTI_ROLE,
            AgentInfo.Capability.Type.HIERARCHICAL_ROLE,
            AgentInfo.Capability.Type.RESERVATION_REFINEMENT,
            AgentInfo.Capability.Type.RESIZE_VOLUME,
            AgentInfo.Capability.Type.AGENT_OPERATION_FEEDBACK,
            AgentInfo.Capability.Type.AGENT_DRAINING)) {
      subscribe.addCapabilities(AgentInfo.Capability.newBuilder().setType(each));
    }
    for (AgentTask task : memory.tasks.values()) {
      subscribe.addTasks(
          TaskReport.newBuilder()
              .setFrameworkId(FrameworkID.newBuilder().setValue(task.id.framework()))
              .setTaskId(TaskID.newBuilder().setValue(task.id.task()))
              .setState(task.updates.latest()));
    }
    return call(AgentCall.Type.SUBSCRIBE).setSubscribe(subscribe).build();
  }

  private AgentCall.Builder call(AgentCall.Type type) {
    AgentCall.Builder call =
        AgentCall.newBuilder().setType(type).setCommandsDone(memory.lastCommand);
    if (!memory.agentId.isEmpty()) {
      call.setAgentId(AgentID.newBuilder().setValue(memory.agentId));
    }
    return call;
  }

  @Override
  public void event(AgentEvent event) {
    if (event.getTerm() < memory.highestTerm) {
      link.leave(
          "an event of term " + event.getTerm() + ", but term " + memory.highestTerm + " was seen");
      return;
    }
    if (event.getTerm() > memory.highestTerm) {
      memory.highestTerm = event.getTerm();
      record(JournalRecord.newBuilder().setTerm(memory.highestTerm).build(), () -> {});
    }
    switch (event.getType()) {
      case SUBSCRIBED -> subscribed(event.getSubscribed());
      case COMMAND -> command(event.getCommand());
      case PING -> link.send(call(AgentCall.Type.PONG).build());
      case SHUTDOWN -> {
        LOG.error("The master told this agent to shut down: {}", event.getMessage());
        memory.tasks.values().forEach(task -> runner.kill(task, 0));
        stop();
      }
      case ERROR -> link.leave(event.getMessage());
      case UNKNOWN -> link.leave("an event of a later release");
    }
  }

  private void subscribed(AgentEvent.Subscribed subscribed) {
    String id = subscribed.getAgentId().getValue();
    if (!id.equals(memory.agentId)) {
      memory.agentId = id;
      record(
          JournalRecord.newBuilder()
              .setIdentity(
                  Identity.newBuilder().setRegistrationId(memory.registrationId).setAgentId(id))
              .build(),
          () -> {});
      runner.identified(id);
    }
    LOG.info("Agent {} is registered with {}", id, subscribed.getMasterInfo().getPid());
    memory.tasks.values().forEach(task -> task.updates.restart());
    memory.operations.restart();
  }

  private void command(Command command) {
    if (command.getNumber() <= memory.lastCommand) {
      return;
    }
    if (command.getNumber() > memory.lastCommand + 1) {
      link.leave("command " + command.getNumber() + " came after " + memory.lastCommand);
      return;
    }
    memory.lastCommand = command.getNumber();
    record(JournalRecord.newBuilder().setCommand(command).build(), () -> carryOut(command));
  }

  private void carryOut(Command command) {
    switch (command.getWhatCase()) {
      case LAUNCH -> {
        AgentTask task = new AgentTask(Memory.id(command.getLaunch()), command);
        memory.tasks.put(task.id, task);
        if (memory.draining == null) {
          runner.launch(task);
        } else {
          runner.drop(task);
        }
      }
      case KILL -> {
        AgentTask task = memory.tasks.get(Memory.id(command.getKill()));
        if (task != null) {
          runner.kill(task, command.getKill());
        }
      }
      case ACKNOWLEDGE -> acknowledged(command.getAcknowledge());
      case SHUTDOWN_FRAMEWORK -> {
        for (AgentTask task : List.copyOf(memory.tasks.values())) {
          if (Memory.of(task, command.getShutdownFramework().getFrameworkId())) {
            task.disowned = true;
            if (task.terminal()) {
              memory.tasks.remove(task.id);
            } else {
              runner.kill(task, TaskRunner.GRACE_DEFAULT.toNanos());
            }
          }
        }
      }
      case APPLY_OPERATION -> {
        JournalRecord done =
            memory.operations.carryOut(command.getApplyOperation(), layout(), uuid());
        record(done, () -> memory.operations.take(done.getOperation()));
      }
      case ACKNOWLEDGE_OPERATION ->
          memory.operations.acknowledged(command.getAcknowledgeOperation().getOperationUuid());
      case DRAIN -> {
        memory.draining = command.getDrain().getConfig();
        List.copyOf(memory.tasks.values()).forEach(task -> runner.drain(task, memory.draining));
      }
      case REACTIVATE -> memory.draining = null;
      case UPDATE_FRAMEWORK -> memory.updated(command.getUpdateFramework().getFrameworkInfo());
      case LAUNCH_GROUP, SHUTDOWN_EXECUTOR, MESSAGE, WHAT_NOT_SET ->
          LOG.warn("Command {} is of a later release", command.getNumber());
    }
  }

  private void acknowledged(Command.Acknowledge acknowledge) {
    AgentTask over = memory.acknowledged(acknowledge);
    if (over != null) {
      runner.forget(over);
    }
  }

  // -- Updates ----------------------------------------------------------------------------------

  /** Journals an update; it is sent when its turn comes. Core thread. */
  void update(AgentTask task, TaskStatus.Builder status) {
    if (task.terminal()) {
      return;
    }
    TaskStatus made = status.setUuid(uuid()).build();
    task.updates.add(made);
    record(Memory.made(task.id, made), () -> {});
    if (task.disowned && task.terminal()) {
      memory.tasks.remove(task.id);
    }
  }

  private static ByteString uuid() {
    UUID uuid = UUID.randomUUID();
    return ByteString.copyFrom(
        java.nio.ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array());
  }

  private void sendDueUpdates() {
    if (!link.up()) {
      return;
    }
    long now = System.nanoTime();
    for (AgentCall.OperationUpdate each : memory.operations.due(now)) {
      link.send(call(AgentCall.Type.OPERATION_UPDATE).setOperationUpdate(each).build());
    }
    for (AgentTask task : memory.tasks.values()) {
      TaskStatus head = task.disowned ? null : task.updates.due(now);
      if (head != null) {
        link.send(
            call(AgentCall.Type.UPDATE)
                .setUpdate(
                    AgentCall.Update.newBuilder()
                        .setFrameworkId(FrameworkID.newBuilder().setValue(task.id.framework()))
                        .setStatus(head)
                        .setLatestState(task.updates.latest()))
                .build());
      }
    }
  }
}
