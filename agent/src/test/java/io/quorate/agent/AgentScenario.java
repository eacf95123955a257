package io.quorate.agent;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.agent.apply.AgentApply;
import io.quorate.agent.check.Probe;
import io.quorate.agent.check.Probes;
import io.quorate.agent.check.Target;
import io.quorate.agent.executor.ExecutorCallRefusal;
import io.quorate.agent.executor.ExecutorStream;
import io.quorate.agent.executor.ExecutorTokens;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.flags.DockerSettings;
import io.quorate.agent.flags.ExecutorSettings;
import io.quorate.agent.flags.FilesSettings;
import io.quorate.agent.flags.IsolationSettings;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.link.MasterLink;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.task.Sources;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.DrainConfig;
import io.quorate.protocol.v1.DurationInfo;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Drives the real core of an agent by commands, by what happens on its machine and by what its
 * executors say, and shows what the world would see. After every step it checks for free: the
 * journal replayed gives the live state, and so does a journal that was compacted at any point.
 */
final class AgentScenario {
  static final String AGENT = "S0";
  static final String FRAMEWORK = "F";

  /** Ended by SIGTERM, as a shell tells it. */
  static final int BY_TERM = 128 + 15;

  private final List<Runnable> queue = new ArrayList<>();
  private final MemoryJournal journal = new MemoryJournal();
  final FakeMachine machine = new FakeMachine(queue::add);
  private final List<AgentCall> told = new ArrayList<>();
  private final Map<String, List<Event>> heard = new HashMap<>();
  private final List<ExecutorStream> streams = new ArrayList<>();
  private final AgentSettings settings;
  private AgentCore core;
  private FrameworkInfo framework = framework().build();
  private long millis = 1_700_000_000_000L;
  private long ids;
  private long commands;
  private boolean linked;
  private String left = "";

  AgentScenario() {
    this(1 << 20);
  }

  AgentScenario(long journalBytesMax) {
    this.settings = settings(journalBytesMax);
    start();
  }

  static AgentSettings settings(long journalBytesMax) {
    return new AgentSettings(
        List.of(),
        "127.0.0.1",
        5051,
        "host",
        Path.of("/work"),
        ResourceText.parse("cpus:4;mem:4096"),
        List.of(),
        Optional.empty(),
        false,
        Optional.empty(),
        1,
        1,
        journalBytesMax,
        new ExecutorSettings(
            Duration.ofSeconds(60),
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMinutes(15),
            Duration.ofSeconds(15),
            1 << 20,
            1 << 20,
            false,
            Optional.empty(),
            3),
        null,
        DockerSettings.NONE,
        new IsolationSettings(
            Set.of(), false, Duration.ofSeconds(1), Path.of("/cgroup"), "q", false, false),
        null,
        FilesSettings.DEFAULT);
  }

  // -- The world outside ------------------------------------------------------------------------

  private final MasterLink link =
      new MasterLink() {
        @Override
        public boolean up() {
          return linked;
        }

        @Override
        public void leave(String why) {
          left = why;
          linked = false;
        }

        @Override
        public void send(AgentCall call, Runnable taken) {
          if (linked) {
            told.add(call);
            queue.add(taken);
          }
        }
      };

  static final Isolator UNLIMITED =
      new Isolator() {
        @Override
        public List<Path> prepare(String container, ContainerResources resources) {
          return List.of();
        }

        @Override
        public void update(String container, ContainerResources resources) {
          // Nothing is limited here.
        }

        @Override
        public OptionalLong memoryExceeded(RootContainer root) {
          return OptionalLong.empty();
        }

        @Override
        public boolean remove(String container) {
          return true;
        }

        @Override
        public boolean limits() {
          return false;
        }
      };

  /** No check has a result. */
  static final Probes SILENT =
      new Probes() {
        @Override
        public Probe of(HealthCheck check, Target target) {
          return then -> {};
        }

        @Override
        public Probe of(CheckInfo check, Target target) {
          return then -> {};
        }
      };

  private final class Stream implements ExecutorStream {
    private final List<Event> events = new ArrayList<>();

    @Override
    public void send(Event event) {
      events.add(event);
    }

    @Override
    public void end() {
      streams.remove(this);
    }
  }

  // -- The agent's process ----------------------------------------------------------------------

  private void start() {
    core =
        new AgentCore(
            settings,
            new AgentEnvironment(
                new Sources(
                    () -> TimeUnit.MILLISECONDS.toNanos(millis),
                    () -> millis,
                    () -> new UUID(7, ++ids << 8)),
                queue::add,
                journal,
                link,
                machine,
                machine,
                UNLIMITED,
                SILENT,
                ExecutorTokens.of(new byte[32])));
    try {
      core.recover(Reconfiguration.EQUAL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    settle();
  }

  private void settle() {
    do {
      journal.sync();
    } while (act());
  }

  private boolean act() {
    try {
      return core.act();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs the loop until nothing happens any more. */
  AgentScenario run() {
    do {
      List<Runnable> batch = List.copyOf(queue);
      queue.clear();
      core.take(batch);
      replay();
      settle();
      replay();
    } while (!queue.isEmpty());
    return this;
  }

  /** The process dies and comes back; what it had synced is there. */
  AgentScenario restart() {
    journal.crash();
    queue.clear();
    machine.agentDied();
    streams.clear();
    linked = false;
    start();
    return run();
  }

  /** The process takes what waits and syncs it, and dies before it acts on it. */
  AgentScenario restartBeforeActing() {
    List<Runnable> batch = List.copyOf(queue);
    queue.clear();
    core.take(batch);
    journal.sync();
    return restart();
  }

  AgentScenario after(Duration time) {
    millis += time.toMillis();
    return run();
  }

  AgentScenario after(long seconds) {
    return after(Duration.ofSeconds(seconds));
  }

  // -- What is checked for free -----------------------------------------------------------------

  private static AgentState durable(AgentState state) {
    return state.withSession(AgentState.Session.EMPTY);
  }

  private static AgentState replayed(AgentState from, List<JournalRecord> records) {
    AgentState state = from;
    for (JournalRecord record : records) {
      state = AgentApply.apply(state, record);
    }
    return durable(state);
  }

  private void replay() {
    List<JournalRecord> records = journal.records();
    AgentState live = durable(core.state());
    assertThat(replayed(AgentState.EMPTY, records)).isEqualTo(live);
    assertThat(AgentState.of(live.snapshot())).isEqualTo(live);
    assertThat(AgentState.of(live.snapshot()).snapshot()).isEqualTo(live.snapshot());
    int middle = records.size() / 2;
    AgentState compacted =
        AgentState.of(replayed(AgentState.EMPTY, records.subList(0, middle)).snapshot());
    assertThat(replayed(compacted, records.subList(middle, records.size()))).isEqualTo(live);
  }

  // -- The master -------------------------------------------------------------------------------

  /** A master takes the agent. */
  AgentScenario registered() {
    linked = true;
    queue.add(
        () ->
            core.event(
                AgentEvent.newBuilder()
                    .setType(AgentEvent.Type.SUBSCRIBED)
                    .setTerm(1)
                    .setSubscribed(
                        AgentEvent.Subscribed.newBuilder()
                            .setAgentId(AgentID.newBuilder().setValue(AGENT))
                            .setMasterInfo(
                                MasterInfo.newBuilder().setId("m").setIp(1).setPort(5050))
                            .setPingIntervalSeconds(15)
                            .setTotalPingTimeoutSeconds(75))
                    .build()));
    return run();
  }

  /** Queues the next command, which nobody has taken yet. */
  AgentScenario queued(Command.Builder command) {
    Command numbered = command.setNumber(++commands).build();
    queue.add(
        () ->
            core.event(
                AgentEvent.newBuilder()
                    .setType(AgentEvent.Type.COMMAND)
                    .setTerm(1)
                    .setCommand(numbered)
                    .build()));
    return this;
  }

  AgentScenario command(Command.Builder command) {
    return queued(command).run();
  }

  static FrameworkInfo.Builder framework(FrameworkInfo.Capability.Type... capabilities) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder()
            .setUser("u")
            .setName("f")
            .setCheckpoint(true)
            .setId(FrameworkID.newBuilder().setValue(FRAMEWORK));
    for (FrameworkInfo.Capability.Type capability : capabilities) {
      info.addCapabilitiesBuilder().setType(capability);
    }
    return info;
  }

  /** Launches that follow are of a framework with these capabilities. */
  AgentScenario with(FrameworkInfo.Capability.Type... capabilities) {
    framework = framework(capabilities).build();
    return this;
  }

  static TaskInfo.Builder task(String id) {
    TaskInfo.Builder task = TaskInfo.newBuilder().setName(id);
    task.getTaskIdBuilder().setValue(id);
    task.getAgentIdBuilder().setValue(AGENT);
    task.getCommandBuilder().setValue("sleep");
    return task;
  }

  static ExecutorInfo.Builder executor(String id, ExecutorInfo.Type type) {
    ExecutorInfo.Builder info =
        ExecutorInfo.newBuilder()
            .setType(type)
            .setExecutorId(ExecutorID.newBuilder().setValue(id))
            .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK));
    if (type == ExecutorInfo.Type.CUSTOM) {
      info.getCommandBuilder().setValue("run");
    }
    return info;
  }

  Command.Builder launching(TaskInfo.Builder task) {
    Command.Builder command = Command.newBuilder();
    command.getLaunchBuilder().setFrameworkInfo(framework).setTaskInfo(task);
    return command;
  }

  AgentScenario launch(String task) {
    return command(launching(task(task)));
  }

  /** Launches a task of a custom executor. */
  AgentScenario launchIn(String executor, boolean fresh, String task) {
    Command.Builder command =
        launching(task(task).setExecutor(executor(executor, ExecutorInfo.Type.CUSTOM)));
    command.getLaunchBuilder().setNewExecutor(fresh);
    return command(command);
  }

  /** Launches a group in a new executor of this type. */
  AgentScenario launchGroup(String executor, ExecutorInfo.Type type, String... tasks) {
    ExecutorInfo info = executor(executor, type).build();
    Command.Builder command = Command.newBuilder();
    command
        .getLaunchGroupBuilder()
        .setFrameworkInfo(framework)
        .setExecutorInfo(info)
        .setNewExecutor(true);
    for (String task : tasks) {
      command.getLaunchGroupBuilder().getTaskGroupBuilder().addTasks(task(task).setExecutor(info));
    }
    return command(command);
  }

  static Command.Builder killing(String task) {
    Command.Builder command = Command.newBuilder();
    command
        .getKillBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK))
        .setTaskId(TaskID.newBuilder().setValue(task));
    return command;
  }

  static Command.Builder killing(String task, Duration grace) {
    Command.Builder command = killing(task);
    command
        .getKillBuilder()
        .getKillPolicyBuilder()
        .setGracePeriod(DurationInfo.newBuilder().setNanoseconds(grace.toNanos()));
    return command;
  }

  static Command.Builder shutdownFramework() {
    Command.Builder command = Command.newBuilder();
    command
        .getShutdownFrameworkBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK));
    return command;
  }

  static Command.Builder shutdownExecutor(String executor) {
    Command.Builder command = Command.newBuilder();
    command
        .getShutdownExecutorBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor));
    return command;
  }

  static Command.Builder draining(boolean markGone) {
    Command.Builder command = Command.newBuilder();
    command.getDrainBuilder().setConfig(DrainConfig.newBuilder().setMarkGone(markGone));
    return command;
  }

  /** The framework acknowledges the update that the agent told last of a task. */
  AgentScenario acknowledge(String task) {
    Command.Builder command = Command.newBuilder();
    command
        .getAcknowledgeBuilder()
        .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK))
        .setTaskId(TaskID.newBuilder().setValue(task))
        .setUuid(last(task).getUuid());
    return command(command);
  }

  /** Acknowledges until nothing more is told of a task. */
  AgentScenario acknowledgeAll(String task) {
    ByteString before = ByteString.EMPTY;
    while (!lastUuid(task).equals(before)) {
      before = lastUuid(task);
      acknowledge(task);
    }
    return this;
  }

  private ByteString lastUuid(String task) {
    List<TaskStatus> statuses = statuses(task);
    return statuses.isEmpty() ? ByteString.EMPTY : statuses.get(statuses.size() - 1).getUuid();
  }

  // -- Executors --------------------------------------------------------------------------------

  static Call.Builder call(String executor, Call.Type type) {
    return Call.newBuilder()
        .setType(type)
        .setFrameworkId(FrameworkID.newBuilder().setValue(FRAMEWORK))
        .setExecutorId(ExecutorID.newBuilder().setValue(executor));
  }

  /** The answer to a call of an executor. */
  Optional<ExecutorCallRefusal> call(Call.Builder call) {
    return call(call, container(call));
  }

  /** The answer to a call of somebody who has proven to be in this container, or in none. */
  Optional<ExecutorCallRefusal> call(Call.Builder call, Optional<String> container) {
    List<Optional<ExecutorCallRefusal>> answers = new ArrayList<>();
    queue.add(() -> core.call(call.build(), container, null, answers::add));
    run();
    return answers.get(0);
  }

  private Optional<String> container(Call.Builder call) {
    return core.container(ExecutorId.of(call.getFrameworkId(), call.getExecutorId()));
  }

  /** An executor subscribes; what it hears is remembered under its name. */
  AgentScenario subscribe(String executor, TaskInfo.Builder... unacknowledged) {
    Call.Builder call = call(executor, Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder();
    for (TaskInfo.Builder task : unacknowledged) {
      call.getSubscribeBuilder().addUnacknowledgedTasks(task);
    }
    Stream stream = new Stream();
    streams.add(stream);
    heard.put(executor, stream.events);
    Optional<String> container = container(call);
    queue.add(
        () -> core.call(call.build(), container, stream, refusal -> assertThat(refusal).isEmpty()));
    return run();
  }

  static Call.Builder update(String executor, String task, TaskState state, String uuid) {
    Call.Builder call = call(executor, Call.Type.UPDATE);
    call.getUpdateBuilder()
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(TaskID.newBuilder().setValue(task))
                .setState(state)
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setUuid(ByteString.copyFromUtf8(uuid)));
    return call;
  }

  /** The kinds of events that an executor heard on its latest stream. */
  List<Event.Type> heard(String executor) {
    return heard.getOrDefault(executor, List.of()).stream().map(Event::getType).toList();
  }

  /** How many executors are connected. */
  int openStreams() {
    return streams.size();
  }

  // -- What is seen -----------------------------------------------------------------------------

  /** The statuses of a task that the master was told, each once. */
  List<TaskStatus> statuses(String task) {
    return told.stream()
        .filter(call -> call.getUpdate().getStatus().getTaskId().getValue().equals(task))
        .map(call -> call.getUpdate().getStatus())
        .distinct()
        .toList();
  }

  TaskStatus last(String task) {
    List<TaskStatus> statuses = statuses(task);
    return statuses.get(statuses.size() - 1);
  }

  List<TaskState> states(String task) {
    return statuses(task).stream().map(TaskStatus::getState).toList();
  }

  /** The state of a task as the agent has it. */
  TaskState latest(String task) {
    return core.subscription().getSubscribe().getTasksList().stream()
        .filter(report -> report.getTaskId().getValue().equals(task))
        .map(TaskReport::getState)
        .findFirst()
        .orElse(TaskState.TASK_UNKNOWN);
  }

  /** The tasks that the agent tells when it subscribes. */
  Set<String> reported() {
    return core.subscription().getSubscribe().getTasksList().stream()
        .map(report -> report.getTaskId().getValue())
        .collect(Collectors.toSet());
  }

  /** All calls that the master was sent. */
  List<AgentCall> told() {
    return told;
  }

  /** What the agent would subscribe with. */
  AgentCall subscription() {
    return core.subscription();
  }

  /** Takes what waits, without a sync. */
  AgentScenario takeOnly() {
    List<Runnable> batch = List.copyOf(queue);
    queue.clear();
    core.take(batch);
    return this;
  }

  /** Why the agent left its link; empty if it did not. */
  String left() {
    return left;
  }

  MemoryJournal journal() {
    return journal;
  }

  AgentState state() {
    return core.state();
  }
}
