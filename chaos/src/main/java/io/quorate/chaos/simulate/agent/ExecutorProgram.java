package io.quorate.chaos.simulate.agent;

import com.google.protobuf.ByteString;
import io.quorate.agent.executor.ExecutorStream;
import io.quorate.agent.task.Launcher;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.world.World;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A framework's own executor, as the API asks of one: it keeps its updates until they are
 * acknowledged, and comes back to an agent that was restarted, if its framework wants that.
 */
final class ExecutorProgram extends SimulatedRun {
  private static final long PATIENCE = 20 * World.SECOND;

  /** From here on ids differ, and have the 16 bytes of a uuid. */
  private static final int UUID_FROM = 20;

  private final String framework;
  private final String executor;
  private final LinkedHashMap<ByteString, TaskStatus> unacknowledged = new LinkedHashMap<>();

  /** Those that run; of the updates of one nothing was acknowledged yet. */
  private final TreeMap<String, TaskInfo> running = new TreeMap<>();

  private final TreeMap<String, TaskInfo> unheard = new TreeMap<>();
  private Stream stream;
  private long alone;

  ExecutorProgram(SimulatedHost host, Launcher.Plan plan, AgentProcess by, long pid) {
    super(host, plan, by, pid);
    this.framework = plan.environment().get("MESOS_FRAMEWORK_ID");
    this.executor = plan.environment().get("MESOS_EXECUTOR_ID");
  }

  /** One subscription; events keep their order on their way. */
  private final class Stream implements ExecutorStream {
    private long lastAt;

    private void later(Runnable what) {
      lastAt = Math.max(lastAt, world.now() + world.between(50_000, World.MILLI));
      world.after(
          lastAt - world.now(),
          () -> {
            if (alive() && stream == this) {
              what.run();
            }
          });
    }

    @Override
    public void send(Event event) {
      later(() -> take(event));
    }

    @Override
    public void end() {
      later(ExecutorProgram.this::disconnected);
    }
  }

  private void after(long nanos, Runnable what) {
    world.after(
        nanos,
        () -> {
          if (alive()) {
            what.run();
          }
        });
  }

  /** Whether it has nothing to do. */
  boolean idle() {
    return running.isEmpty();
  }

  @Override
  void begin() {
    world.note(host.agent().name() + " runs executor " + executor);
    if (!world.oneIn(20)) {
      after(world.between(World.MILLI, World.SECOND), this::subscribe);
    }
  }

  @Override
  void signal(String name) {
    exit(name.equals("KILL") ? BY_KILL : BY_TERM);
  }

  @Override
  void over(Optional<Integer> status) {
    world.note(host.agent().name() + ": executor " + executor + " ends with " + status);
    Stream broken = stream;
    stream = null;
    AgentProcess agent = host.agent().process();
    if (broken != null && agent != null) {
      agent.post(() -> agent.core().closed(broken));
    }
  }

  // -- What it says -----------------------------------------------------------------------------

  private Call.Builder call(Call.Type type) {
    return Call.newBuilder()
        .setType(type)
        .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor));
  }

  private void send(Call call, Stream events) {
    AgentProcess agent = host.agent().process();
    if (agent == null) {
      disconnected();
      return;
    }
    String token = plan.environment().get("MESOS_EXECUTOR_AUTHENTICATION_TOKEN");
    world.after(
        world.between(50_000, World.MILLI),
        () ->
            agent.post(
                () ->
                    agent
                        .core()
                        .call(
                            call,
                            agent.core().tokens().container(token),
                            events,
                            refusal -> {
                              if (refusal.isPresent() && events != null && stream == events) {
                                disconnected();
                              }
                            })));
  }

  private void subscribe() {
    stream = new Stream();
    Call.Builder call = call(Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder().addAllUnacknowledgedTasks(unheard.values());
    for (TaskStatus value : unacknowledged.values()) {
      call.getSubscribeBuilder().addUnacknowledgedUpdatesBuilder().setStatus(value);
    }
    send(call.build(), stream);
  }

  /** It comes again, unless nobody waits for it or its patience is over. */
  void disconnected() {
    if (!alive()) {
      return;
    }
    if (stream != null) {
      stream = null;
      alone = world.now();
    }
    if (!plan.environment().get("MESOS_CHECKPOINT").equals("1") || world.now() - alone > PATIENCE) {
      exit(1);
      return;
    }
    after(
        world.between(100 * World.MILLI, World.SECOND),
        () -> {
          if (stream == null) {
            subscribe();
          }
        });
  }

  private void update(TaskInfo task, TaskState state) {
    ByteString uuid = ByteString.copyFromUtf8(world.uuid().substring(UUID_FROM));
    TaskStatus status =
        TaskStatus.newBuilder()
            .setTaskId(task.getTaskId())
            .setState(state)
            .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
            .setUuid(uuid)
            .build();
    unacknowledged.put(uuid, status);
    if (stream != null) {
      Call.Builder call = call(Call.Type.UPDATE);
      call.getUpdateBuilder().setStatus(status);
      send(call.build(), null);
    }
  }

  // -- What it is told --------------------------------------------------------------------------

  private void take(Event event) {
    switch (event.getType()) {
      case LAUNCH -> launch(event.getLaunch().getTask());
      case LAUNCH_GROUP ->
          List.copyOf(event.getLaunchGroup().getTaskGroup().getTasksList()).forEach(this::launch);
      case KILL -> end(event.getKill().getTaskId().getValue(), TaskState.TASK_KILLED);
      case ACKNOWLEDGED -> acknowledged(event.getAcknowledged().getUuid());
      case SHUTDOWN -> {
        List.copyOf(running.keySet()).forEach(task -> end(task, TaskState.TASK_KILLED));
        after(world.between(0, World.SECOND), () -> exit(0));
      }
      default -> {}
    }
  }

  private void launch(TaskInfo task) {
    String id = task.getTaskId().getValue();
    host.agent().invariants().tasksRunOnce(id, host.agent().name());
    world.note(host.agent().name() + " runs " + id + " in " + executor);
    running.put(id, task);
    unheard.put(id, task);
    if (world.oneIn(2)) {
      update(task, TaskState.TASK_STARTING);
    }
    after(
        world.between(World.MILLI, World.SECOND),
        () -> {
          if (running.containsKey(id)) {
            update(task, TaskState.TASK_RUNNING);
          }
        });
    if (world.below(3) > 0) {
      TaskState end = world.oneIn(3) ? TaskState.TASK_FAILED : TaskState.TASK_FINISHED;
      after(world.between(World.MILLI, 20 * World.SECOND), () -> end(id, end));
    }
  }

  private void end(String id, TaskState how) {
    TaskInfo task = running.remove(id);
    if (task != null) {
      update(task, how);
    }
  }

  /** The agent has it on its disk: an end is now how the task ended, whatever comes. */
  private void acknowledged(ByteString uuid) {
    TaskStatus status = unacknowledged.remove(uuid);
    if (status != null) {
      String task = status.getTaskId().getValue();
      unheard.remove(task);
      if (Invariants.terminal(status.getState())) {
        host.agent().invariants().ended(task, Set.of(status.getState()));
      }
    }
  }
}
