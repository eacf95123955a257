package io.quorate.chaos.simulate;

import com.google.protobuf.ByteString;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.agentlink.ExecutorReport;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * An agent as the link wants it: carries out numbered commands, keeps what it did over restarts,
 * sends the head of each stream of updates until it is acknowledged.
 */
final class SimulatedAgent {
  static final String RESOURCES = "cpus:4;mem:4096;disk:1000;ports:[31000-31009]";

  private final World world;
  private final List<SimulatedMember> members;
  private final Invariants invariants;
  private final int number;
  private final TreeMap<String, SimulatedTask> tasks = new TreeMap<>();
  private final TreeMap<String, String> executors = new TreeMap<>();
  private final SimulatedOperations operations;
  private String registration;
  private String id = "";
  private long done;
  private long highestTerm;
  private boolean draining;

  private int linkedTo = -1;
  private String[] linkId = {""};
  private Link link;
  private boolean silent;
  private int generation;

  SimulatedAgent(World world, List<SimulatedMember> members, Invariants invariants, int number) {
    this.world = world;
    this.members = members;
    this.invariants = invariants;
    this.number = number;
    this.operations = new SimulatedOperations(world, this::call);
    this.registration = "agent" + number;
    world.after(world.between(0, World.SECOND), this::connect);
  }

  String id() {
    return id;
  }

  /** One connection. What a partition swallows of it never comes, nor does anything after. */
  private final class Link implements SimulatedFace.Reader<AgentEvent> {
    private boolean deaf;

    @Override
    public void event(AgentEvent event) {
      if (link == this && !deaf) {
        take(event);
      }
    }

    @Override
    public void broken() {
      if (link == this) {
        linkedTo = -1;
        retry();
      }
    }
  }

  private String name() {
    return "agent " + number;
  }

  // -- The link ---------------------------------------------------------------------------------

  private void connect() {
    if (linkedTo >= 0 || silent) {
      return;
    }
    int to = world.below(members.size());
    int asked = ++generation;
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.SUBSCRIBE);
    if (!id.isEmpty()) {
      call.setAgentId(AgentID.newBuilder().setValue(id)).setCommandsDone(done);
    }
    AgentCall.Subscribe.Builder subscribe =
        call.getSubscribeBuilder()
            .setAgentInfo(
                AgentInfo.newBuilder()
                    .setHostname("h" + number)
                    .addAllResources(ResourceText.parse(RESOURCES)))
            .setVersion("1.11.0")
            .setRegistrationId(registration)
            .setHighestTerm(highestTerm);
    for (AgentInfo.Capability.Type each : AgentInfo.Capability.Type.values()) {
      if (each != AgentInfo.Capability.Type.UNKNOWN) {
        subscribe.addCapabilitiesBuilder().setType(each);
      }
    }
    tasks.values().forEach(task -> subscribe.addTasks(task.report()));
    executors.forEach(
        (executor, framework) ->
            subscribe.addExecutors(
                ExecutorReport.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
                    .setExecutorId(ExecutorID.newBuilder().setValue(executor))));
    linkedTo = to;
    String[] minted = {""};
    linkId = minted;
    link = new Link();
    members
        .get(to)
        .face()
        .link(
            call.build(),
            minted,
            link,
            (answer, failure) -> {
              if (asked != generation || answer instanceof Answer.Accepted) {
                return;
              }
              linkedTo = -1;
              if (answer instanceof Answer.Refused refused && refused.why().status() != 400) {
                boolean maintenance = refused.why().message().contains("maintenance");
                boolean older = refused.why().message().contains("has seen term");
                if (!maintenance && !older) {
                  wipe();
                }
              }
              retry();
            });
  }

  private void retry() {
    world.after(world.between(100 * World.MILLI, World.SECOND), this::connect);
  }

  /** As an operator does when the master says so: everything that was there is gone. */
  private void wipe() {
    world.note(name() + " is wiped");
    tasks.clear();
    executors.clear();
    operations.clear();
    draining = false;
    done = 0;
    id = "";
    registration = "agent" + number + "-" + world.uuid();
  }

  void cutLink() {
    if (linkedTo >= 0) {
      members.get(linkedTo).face().breakLink(linkId[0], id);
    }
  }

  /** No word gets through in either direction for a while. */
  void partition(long nanos) {
    silent = true;
    if (link != null) {
      link.deaf = true;
    }
    world.after(
        nanos,
        () -> {
          silent = false;
          if (linkedTo < 0) {
            connect();
          } else {
            cutLink();
          }
        });
  }

  private void call(AgentCall.Builder call, Runnable taken) {
    if (linkedTo < 0 || silent || id.isEmpty()) {
      return;
    }
    call.setAgentId(AgentID.newBuilder().setValue(id)).setCommandsDone(done);
    if (call.hasUpdate()) {
      call.getUpdateBuilder().getStatusBuilder().setAgentId(call.getAgentId());
    }
    members
        .get(linkedTo)
        .face()
        .agentCall(
            call.build(),
            linkId[0],
            (answer, failure) -> {
              if (answer instanceof Answer.Accepted) {
                taken.run();
              }
            });
  }

  // -- Events -----------------------------------------------------------------------------------

  private void take(AgentEvent event) {
    if (event.getTerm() < highestTerm) {
      return;
    }
    highestTerm = event.getTerm();
    switch (event.getType()) {
      case SUBSCRIBED -> {
        id = event.getSubscribed().getAgentId().getValue();
        world.note(name() + " is " + id + " with member " + linkedTo);
        tasks.values().forEach(SimulatedTask::sendHead);
        operations.sendAll();
      }
      case PING -> call(AgentCall.newBuilder().setType(AgentCall.Type.PONG), () -> {});
      case COMMAND -> command(event.getCommand());
      case SHUTDOWN -> wipe();
      case ERROR, UNKNOWN -> {}
    }
  }

  private void command(Command command) {
    invariants.commandsHaveNoGaps(name(), done + 1, command.getNumber());
    if (command.getNumber() <= done) {
      return;
    }
    done = command.getNumber();
    switch (command.getWhatCase()) {
      case LAUNCH -> launch(command.getLaunch().getTaskInfo(), framework(command.getLaunch()));
      case LAUNCH_GROUP ->
          command
              .getLaunchGroup()
              .getTaskGroup()
              .getTasksList()
              .forEach(
                  task ->
                      launch(task, command.getLaunchGroup().getFrameworkInfo().getId().getValue()));
      case KILL -> kill(command.getKill().getTaskId().getValue());
      case ACKNOWLEDGE -> acknowledge(command.getAcknowledge());
      case SHUTDOWN_FRAMEWORK -> {
        String framework = command.getShutdownFramework().getFrameworkId().getValue();
        tasks.values().removeIf(task -> task.framework().equals(framework));
        executors.values().removeIf(framework::equals);
      }
      case SHUTDOWN_EXECUTOR -> exit(command.getShutdownExecutor().getExecutorId().getValue());
      case APPLY_OPERATION -> operations.apply(command.getApplyOperation());
      case ACKNOWLEDGE_OPERATION -> operations.acknowledged(command.getAcknowledgeOperation());
      case DRAIN -> {
        draining = true;
        List.copyOf(tasks.keySet()).forEach(this::kill);
      }
      case REACTIVATE -> draining = false;
      case MESSAGE, UPDATE_FRAMEWORK, WHAT_NOT_SET -> {}
    }
  }

  private static String framework(Command.Launch launch) {
    return launch.getFrameworkInfo().getId().getValue();
  }

  private void launch(TaskInfo info, String framework) {
    String task = info.getTaskId().getValue();
    invariants.tasksRunOnce(task, name());
    world.note(name() + " runs " + task);
    String executor = info.getExecutor().getExecutorId().getValue();
    SimulatedTask running =
        new SimulatedTask(world, invariants, framework, task, executor, this::call);
    tasks.put(task, running);
    if (draining) {
      running.update(TaskState.TASK_DROPPED);
      return;
    }
    if (!executor.isEmpty()) {
      executors.put(executor, framework);
    }
    running.begin();
  }

  private void kill(String task) {
    if (tasks.containsKey(task)) {
      tasks.get(task).update(TaskState.TASK_KILLED);
    }
  }

  private void acknowledge(Command.Acknowledge acknowledge) {
    SimulatedTask task = tasks.get(acknowledge.getTaskId().getValue());
    if (task != null && task.acknowledged(acknowledge.getUuid())) {
      tasks.remove(task.id());
    }
  }

  /** An executor ends, and its tasks with it. */
  private void exit(String executor) {
    String framework = executors.remove(executor);
    if (framework == null) {
      return;
    }
    for (SimulatedTask task : tasks.values()) {
      if (task.executor().equals(executor)) {
        task.update(TaskState.TASK_FAILED);
      }
    }
    sendExit(executor, framework);
  }

  private void sendExit(String executor, String framework) {
    boolean[] taken = {false};
    AgentCall.Builder call = AgentCall.newBuilder().setType(AgentCall.Type.EXECUTOR_EXITED);
    call.getExecutorExitedBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor))
        .setStatus(0);
    call(call, () -> taken[0] = true);
    world.after(
        2 * World.SECOND,
        () -> {
          if (!taken[0] && !executors.containsKey(executor)) {
            sendExit(executor, framework);
          }
        });
  }

  /** Some executor ends by itself. */
  void anyExecutorExits() {
    List<String> all = new ArrayList<>(executors.keySet());
    if (!all.isEmpty()) {
      exit(world.any(all));
    }
  }

  /** Executors that have nothing to do end, as a well-behaved one does. */
  void idleExecutorsExit() {
    for (String executor : List.copyOf(executors.keySet())) {
      boolean busy = tasks.values().stream().anyMatch(task -> task.executor().equals(executor));
      if (!busy) {
        exit(executor);
      }
    }
  }

  /** Sends a call on the link, and tells when it was taken. */
  interface Caller {
    void call(AgentCall.Builder call, Runnable taken);
  }

  static ByteString uuid(World world) {
    return ByteString.copyFromUtf8(world.uuid().substring(20));
  }
}
