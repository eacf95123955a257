package io.quorate.agent;

import com.google.protobuf.ByteString;
import io.quorate.agent.executor.AgentExecutor;
import io.quorate.agent.executor.ExecutorDesk;
import io.quorate.agent.executor.ExecutorRunner;
import io.quorate.agent.executor.ExecutorTokens;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.link.MasterLink;
import io.quorate.agent.store.Journal;
import io.quorate.agent.store.record.Identity;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.task.AgentTask;
import io.quorate.agent.task.ExecutorId;
import io.quorate.agent.task.HeldLauncher;
import io.quorate.agent.task.Host;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.Sources;
import io.quorate.agent.task.Statuses;
import io.quorate.agent.task.TaskId;
import io.quorate.agent.task.TaskRunner;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskStatus;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent: everything that happens comes through one queue. What is taken together is journalled
 * together, synced once, and only then acted on: a command is checkpointed before it is carried
 * out, an update before it is sent. Whoever runs it has one thread for it.
 *
 * <p>Commands are numbered. One that is not higher than the last is skipped, a gap ends the link:
 * so a command is neither lost nor carried out twice, whoever leads.
 */
public final class AgentCore implements MasterLink.Listener, Host {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCore.class);

  private final Surroundings outside;
  private final Journal journal;
  private final MasterLink link;
  private final Layout layout;
  private final HeldLauncher launcher;
  private final TaskRunner tasks;
  private final ExecutorRunner executors;
  private final ExecutorDesk desk;
  private final Commands commands;
  private final List<Runnable> afterSync = new ArrayList<>();
  private final Memory memory = new Memory();
  private final Introduction introduction;
  private final Limits limits;
  private volatile boolean recovered;
  private volatile boolean stopped;

  public AgentCore(AgentSettings settings, Surroundings outside) {
    this.outside = outside;
    this.journal = outside.journal();
    this.link = outside.link();
    this.layout = Layout.of(settings);
    Sources sources = outside.sources();
    Isolator isolator = outside.isolator();
    this.launcher = new HeldLauncher(outside.launcher());
    Statuses statuses = new Statuses(settings, sources, () -> memory.agentId);
    this.introduction = new Introduction(settings, memory, isolator.limits());
    this.tasks =
        new TaskRunner(settings, layout, this, launcher, isolator, outside.probes(), statuses);
    this.executors =
        new ExecutorRunner(
            settings,
            layout,
            this,
            launcher,
            isolator,
            statuses,
            outside.tokens(),
            tasks,
            memory.executors);
    this.desk =
        new ExecutorDesk(
            settings,
            this,
            statuses,
            outside.tokens(),
            executors,
            memory.executors,
            introduction::info);
    this.limits =
        new Limits(
            memory, isolator, tasks, executors, sources, settings.isolation().watchInterval());
    this.commands = new Commands(memory, outside.volumes(), this, statuses, tasks, executors, desk);
  }

  /** Where executors are heard. Its methods are for the core thread. */
  public ExecutorDesk desk() {
    return desk;
  }

  /** What executors prove themselves with. Any thread. */
  public ExecutorTokens tokens() {
    return outside.tokens();
  }

  /** Whether the journal was read and its tasks were taken up. */
  public boolean recovered() {
    return recovered;
  }

  @Override
  public List<AgentTask> tasks() {
    return List.copyOf(memory.tasks.values());
  }

  /** The id, once there is one. */
  public String agentId() {
    return memory.agentId;
  }

  /** Where a path of the files API leads. */
  public Layout layout() {
    return layout;
  }

  /**
   * Reads the journal and takes its tasks up again. Before anything else; {@link #settle} comes
   * next.
   *
   * @throws IOException if it cannot, or this agent is not what it was and may not be another
   */
  public void recover(Reconfiguration policy) throws IOException {
    journal.read().forEach(memory::take);
    if (memory.introduced != null) {
      Optional<String> wrong = policy.wrong(memory.introduced, introduction.info());
      if (wrong.isPresent()) {
        throw new IOException(wrong.get());
      }
    }
    // Only the process that dies in the middle leaves one; doing it twice comes to the same.
    for (Command.ApplyOperation each : memory.unfinished.values()) {
      memory.operations.take(
          memory.operations.carryOut(each, outside.volumes(), sources().uuid()).getOperation());
    }
    memory.unfinished.clear();
    if (memory.registrationId.isEmpty()) {
      memory.registrationId = sources().ids().get().toString();
    }
    journal.replace(memory.compacted());
    memory.safeCommand = memory.lastCommand;
    if (!memory.agentId.isEmpty()) {
      LOG.info(
          "Agent {} takes up {} tasks and {} executors; last command {}",
          memory.agentId,
          memory.tasks.size(),
          memory.executors.size(),
          memory.lastCommand);
      identified();
      limits.recover();
      commands.recover();
    }
    recovered = true;
  }

  private void identified() {
    tasks.identified(memory.agentId);
    executors.identified(memory.agentId);
  }

  /**
   * The outermost containers that are not over, as the core thread sees it. Any other thread;
   * waits.
   */
  public Set<String> running() {
    CompletableFuture<Set<String>> answer = new CompletableFuture<>();
    post(
        () ->
            answer.complete(
                limits.running().stream().map(RootContainer::id).collect(Collectors.toSet())));
    return answer.join();
  }

  // -- The loop ---------------------------------------------------------------------------------

  @Override
  public void post(Runnable event) {
    outside.queue().accept(event);
  }

  /** Takes what happened since, and what became due. {@link #act} is for when that is safe. */
  public void take(List<Runnable> events) {
    events.forEach(Runnable::run);
    tasks.tick();
    executors.tick();
    limits.tick();
  }

  /** Makes everything safe that was kept, and acts on it. */
  void settle() throws IOException {
    do {
      journal.sync();
    } while (act());
  }

  /** All that was kept is safe: acts on it. False if there was nothing to do. */
  public boolean act() {
    if (afterSync.isEmpty()) {
      return false;
    }
    List<Runnable> actions = List.copyOf(afterSync);
    afterSync.clear();
    actions.forEach(Runnable::run);
    return true;
  }

  /** Whether this agent was told to shut down. */
  public boolean stopped() {
    return stopped;
  }

  @Override
  public Sources sources() {
    return outside.sources();
  }

  @Override
  public Optional<AgentTask> task(TaskId id) {
    return Optional.ofNullable(memory.tasks.get(id));
  }

  @Override
  public void record(JournalRecord record, Runnable safe) {
    try {
      journal.append(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    afterSync.add(safe);
  }

  // -- The link ---------------------------------------------------------------------------------

  @Override
  public AgentCall subscription() {
    return introduction.subscription();
  }

  private AgentCall.Builder call(AgentCall.Type type) {
    return introduction.call(type);
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
        commands.killAll();
        stopped = true;
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
      identified();
    }
    if (!introduction.info().equals(memory.introduced)) {
      memory.introduced = introduction.info();
      record(JournalRecord.newBuilder().setIntroduced(memory.introduced).build(), () -> {});
    }
    LOG.info("Agent {} is registered with {}", id, subscribed.getMasterInfo().getPid());
    memory.tasks.values().forEach(task -> task.updates.restart());
    memory.executors.values().forEach(AgentExecutor::restart);
    memory.operations.restart();
    launcher.release();
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
    record(
        JournalRecord.newBuilder().setCommand(command).build(), () -> commands.carryOut(command));
  }

  // -- Updates ----------------------------------------------------------------------------------

  @Override
  public void update(AgentTask task, TaskStatus.Builder status, Runnable safe) {
    if (task.terminal()) {
      return;
    }
    TaskStatus made = status.hasUuid() ? status.build() : status.setUuid(sources().uuid()).build();
    task.updates.add(made);
    record(Memory.made(task.id, made), safe);
    if (task.disowned && task.terminal()) {
      memory.tasks.remove(task.id);
    }
  }

  /** Tells the master what it has to be told (again). Once all is settled. */
  public void sendDue() {
    if (!link.up()) {
      return;
    }
    long now = sources().now();
    for (AgentCall.OperationUpdate each : memory.operations.due(now)) {
      link.send(call(AgentCall.Type.OPERATION_UPDATE).setOperationUpdate(each).build());
    }
    for (AgentExecutor executor : memory.executors.values()) {
      executor
          .due(now)
          .ifPresent(
              exited ->
                  link.send(
                      call(AgentCall.Type.EXECUTOR_EXITED).setExecutorExited(exited).build(),
                      () -> told(executor)));
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

  /** The master knows of its end; another may run under its id by now. */
  private void told(AgentExecutor executor) {
    if (memory.executors.remove(executor.id, executor)) {
      record(Memory.told(executor), () -> executors.forget(executor));
    }
  }

  @Override
  public void say(ExecutorId executor, ByteString data) {
    link.send(
        call(AgentCall.Type.EXECUTOR_MESSAGE)
            .setExecutorMessage(
                AgentCall.ExecutorMessage.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(executor.framework()))
                    .setExecutorId(ExecutorID.newBuilder().setValue(executor.executor()))
                    .setData(data))
            .build());
  }
}
