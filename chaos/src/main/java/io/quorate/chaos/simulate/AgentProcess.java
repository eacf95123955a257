package io.quorate.chaos.simulate;

import com.google.protobuf.ByteString;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.agentlink.ExecutorReport;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.OperationState;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.UUID;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One run of an agent: carries out numbered commands, each once it is safe in the journal, sends
 * the head of each stream of updates until it is acknowledged.
 */
final class AgentProcess implements AgentLink.Listener {
  private static final long RETRY_FIRST = 10 * World.SECOND;
  private static final long RETRY_MAX = 600 * World.SECOND;

  private final World world;
  private final SimulatedAgent agent;
  private final SimulatedProcess process;
  private final AgentLink link;
  private final AgentMemory memory;
  private final TreeMap<String, Integer> sends = new TreeMap<>();

  /** The last command that is safe in the journal. */
  private long safe;

  AgentProcess(World world, SimulatedAgent agent) {
    this.world = world;
    this.agent = agent;
    this.process = new SimulatedProcess(world);
    this.link = new AgentLink(world, agent, process, this);
    this.memory = agent.read();
    this.safe = memory.done;
  }

  /** Takes up what the journal and the machine know. */
  void start() {
    agent.host().tell(() -> process.run(this::look));
    for (SimulatedTask task : List.copyOf(memory.tasks.values())) {
      boolean begun = agent.host().knows(task.id());
      boolean again = agent.sabotage().has(Flaw.AGENT_LAUNCHES_AGAIN);
      if (!Invariants.terminal(task.state()) && (!begun || again)) {
        begin(task.id());
      }
    }
    if (agent.sabotage().has(Flaw.AGENT_LOSES_ENDS)) {
      memory.tasks.keySet().stream()
          .filter(task -> agent.host().end(task) != null)
          .forEach(agent.host()::forget);
    }
    look();
    List.copyOf(memory.killed).forEach(this::kill);
    List.copyOf(memory.shutDown).forEach(this::exit);
    memory.exited.keySet().forEach(this::sendExit);
    link.connect();
  }

  /** Its connections end. */
  void stop() {
    link.cut();
    process.kill();
  }

  /** Nobody hears of it. */
  void vanish() {
    process.kill();
  }

  void cutLink() {
    link.cut();
  }

  void deafen() {
    link.deafen();
  }

  void heard() {
    link.heard();
  }

  /** Nothing that a record is about may happen before it is safe. */
  private void record(Consumer<AgentMemory> record, Runnable then) {
    record.accept(memory);
    agent.write(record);
    if (agent.sabotage().has(Flaw.AGENT_ACTS_BEFORE_SYNC)) {
      then.run();
    } else {
      agent.disk().whenSynced(process, then);
    }
  }

  // -- The link ---------------------------------------------------------------------------------

  @Override
  public AgentCall.Builder subscription() {
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE);
    if (!memory.id.isEmpty()) {
      call.setAgentId(AgentID.newBuilder().setValue(memory.id)).setCommandsDone(done());
    }
    AgentCall.Subscribe.Builder subscribe =
        call.getSubscribeBuilder()
            .setAgentInfo(
                AgentInfo.newBuilder()
                    .setHostname("h" + agent.number())
                    .addAllResources(ResourceText.parse(SimulatedAgent.RESOURCES)))
            .setVersion("1.11.0")
            .setRegistrationId(agent.registration())
            .setHighestTerm(memory.highestTerm);
    for (AgentInfo.Capability.Type each : AgentInfo.Capability.Type.values()) {
      if (each != AgentInfo.Capability.Type.UNKNOWN) {
        subscribe.addCapabilitiesBuilder().setType(each);
      }
    }
    memory.tasks.values().forEach(task -> subscribe.addTasks(task.report()));
    memory.executors.forEach(
        (executor, framework) ->
            subscribe.addExecutors(
                ExecutorReport.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
                    .setExecutorId(ExecutorID.newBuilder().setValue(executor))));
    return call;
  }

  @Override
  public long done() {
    return agent.sabotage().has(Flaw.AGENT_CONFIRMS_BEFORE_SYNC) ? memory.done : safe;
  }

  @Override
  public void refused() {
    agent.wipe();
  }

  @Override
  public void event(AgentEvent event) {
    if (event.getTerm() < memory.highestTerm) {
      return;
    }
    if (event.getTerm() > memory.highestTerm) {
      long term = event.getTerm();
      record(to -> to.highestTerm = term, () -> {});
    }
    switch (event.getType()) {
      case SUBSCRIBED -> subscribed(event.getSubscribed().getAgentId().getValue());
      case PING -> link.send(AgentCall.newBuilder().setType(AgentCall.Type.PONG), () -> {});
      case COMMAND -> command(event.getCommand());
      case SHUTDOWN -> agent.wipe();
      case ERROR, UNKNOWN -> {}
    }
  }

  private void subscribed(String id) {
    world.note(agent.name() + " is " + id + " with member " + link.linkedTo());
    agent.identified(id);
    if (!id.equals(memory.id)) {
      record(to -> to.id = id, () -> {});
    }
    List.copyOf(memory.tasks.keySet()).forEach(this::sendHead);
    List.copyOf(memory.operations.values()).forEach(this::sendOperation);
  }

  // -- Commands ---------------------------------------------------------------------------------

  private void command(Command command) {
    agent.invariants().commandsHaveNoGaps(agent.name(), memory.done + 1, command.getNumber());
    boolean repeats = agent.sabotage().has(Flaw.AGENT_REPEATS_COMMANDS);
    if (command.getNumber() <= memory.done && !repeats) {
      return;
    }
    OperationStatus status =
        OperationStatus.newBuilder()
            .setState(OperationState.OPERATION_FINISHED)
            .setUuid(UUID.newBuilder().setValue(uuid()))
            .build();
    record(
        to -> to.take(command, status),
        () -> {
          safe = Math.max(safe, command.getNumber());
          carryOut(command);
        });
  }

  private void carryOut(Command command) {
    switch (command.getWhatCase()) {
      case LAUNCH, LAUNCH_GROUP -> AgentMemory.launched(command).forEach(this::launch);
      case KILL -> kill(command.getKill().getTaskId().getValue());
      case ACKNOWLEDGE -> sendHead(command.getAcknowledge().getTaskId().getValue());
      case SHUTDOWN_EXECUTOR -> exit(command.getShutdownExecutor().getExecutorId().getValue());
      case APPLY_OPERATION -> {
        String key = AgentMemory.key(command.getApplyOperation().getOperationUuid());
        process.after(
            world.between(World.MILLI, World.SECOND),
            () -> sendOperation(memory.operations.get(key)));
      }
      case DRAIN -> List.copyOf(memory.tasks.keySet()).forEach(this::kill);
      case ACKNOWLEDGE_OPERATION,
          SHUTDOWN_FRAMEWORK,
          REACTIVATE,
          MESSAGE,
          UPDATE_FRAMEWORK,
          WHAT_NOT_SET -> {}
    }
  }

  private void launch(TaskInfo info) {
    String task = info.getTaskId().getValue();
    if (!memory.tasks.containsKey(task)) {
      return;
    }
    if (memory.draining) {
      agent.invariants().tasksRunOnce(task, agent.name());
      update(task, TaskState.TASK_DROPPED);
    } else {
      begin(task);
    }
  }

  private void begin(String task) {
    if (world.oneIn(2)) {
      update(task, TaskState.TASK_STARTING);
    }
    agent.host().start(task);
  }

  private void kill(String task) {
    look();
    if (memory.tasks.containsKey(task)) {
      agent.host().end(task, TaskState.TASK_KILLED);
      update(task, TaskState.TASK_KILLED);
    }
  }

  /** What became of the processes. */
  private void look() {
    for (String task : List.copyOf(memory.tasks.keySet())) {
      TaskState end = agent.host().end(task);
      if (end != null) {
        update(task, end);
      } else if (agent.host().running(task)) {
        update(task, TaskState.TASK_RUNNING);
      }
    }
  }

  // -- Updates ----------------------------------------------------------------------------------

  private ByteString uuid() {
    return ByteString.copyFromUtf8(world.uuid().substring(20));
  }

  private void update(String id, TaskState next) {
    SimulatedTask task = memory.tasks.get(id);
    if (task == null || !task.mayBecome(next)) {
      return;
    }
    boolean same = agent.sabotage().has(Flaw.AGENT_REUSES_UUIDS);
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(TaskID.newBuilder().setValue(id))
            .setState(next)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setUuid(same ? ByteString.copyFromUtf8(id) : uuid())
            .build();
    agent.invariants().made(status.getUuid(), task.updates());
    record(
        to -> to.tasks.get(id).add(status),
        () -> {
          if (memory.tasks.containsKey(id) && memory.tasks.get(id).head() == status) {
            sendHead(id);
          }
        });
  }

  /** Sends the head, and again with back-off while it stays the head. */
  private void sendHead(String task) {
    send(task, sends.merge(task, 1, Integer::sum), RETRY_FIRST);
  }

  private void send(String id, int turn, long pause) {
    SimulatedTask task = memory.tasks.get(id);
    if (task == null || task.head() == null || sends.get(id) != turn) {
      return;
    }
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.UPDATE);
    call.getUpdateBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(task.framework()))
        .setStatus(task.head())
        .setLatestState(task.state());
    link.send(call, () -> {});
    process.after(pause, () -> send(id, turn, Math.min(2 * pause, RETRY_MAX)));
  }

  private void sendOperation(AgentMemory.Told each) {
    if (each == null || memory.operations.get(AgentMemory.key(each.operation())) != each) {
      return;
    }
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.OPERATION_UPDATE);
    call.getOperationUpdateBuilder().setOperationUuid(each.operation()).setStatus(each.status());
    link.send(call, () -> {});
    process.after(RETRY_FIRST, () -> sendOperation(each));
  }

  // -- Executors --------------------------------------------------------------------------------

  /** An executor ends, and its tasks with it. */
  private void exit(String executor) {
    if (!memory.executors.containsKey(executor)) {
      return;
    }
    for (SimulatedTask task : List.copyOf(memory.tasks.values())) {
      if (task.executor().equals(executor)) {
        agent.host().end(task.id(), TaskState.TASK_FAILED);
        update(task.id(), TaskState.TASK_FAILED);
      }
    }
    record(to -> to.exits(executor), () -> sendExit(executor));
  }

  private void sendExit(String executor) {
    String framework = memory.exited.get(executor);
    if (framework == null) {
      return;
    }
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.EXECUTOR_EXITED);
    call.getExecutorExitedBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor))
        .setStatus(0);
    link.send(
        call,
        () -> {
          if (memory.exited.containsKey(executor)) {
            record(to -> to.exited.remove(executor), () -> {});
          }
        });
    process.after(2 * World.SECOND, () -> sendExit(executor));
  }

  void anyExecutorExits() {
    List<String> all = new ArrayList<>(memory.executors.keySet());
    if (!all.isEmpty()) {
      exit(world.any(all));
    }
  }

  void idleExecutorsExit() {
    for (String executor : List.copyOf(memory.executors.keySet())) {
      boolean busy =
          memory.tasks.values().stream().anyMatch(task -> task.executor().equals(executor));
      if (!busy) {
        exit(executor);
      }
    }
  }
}
