package io.quorate.agent;

import static io.quorate.agent.AgentScenario.BY_TERM;
import static io.quorate.agent.AgentScenario.draining;
import static io.quorate.agent.AgentScenario.killing;
import static io.quorate.agent.AgentScenario.shutdownExecutor;
import static io.quorate.agent.AgentScenario.shutdownFramework;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.quorate.agent.apply.AgentApply;
import io.quorate.agent.decide.AgentDecide;
import io.quorate.agent.decide.AgentInput;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.ContainerFacts;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.Moment;
import io.quorate.agent.state.RunId;
import io.quorate.agent.state.WaitStatus;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Whatever happens, in whatever order, and wherever the agent is restarted: nothing is lost. */
class AgentJournalProperties {
  private static final int STEPS = 18;

  /** One step of a random life; commands that name what is not there are among them. */
  private static void step(AgentScenario agent, int kind, int which, Set<String> launched) {
    String task = "t" + which % 4;
    String executor = "e" + which % 2;
    String fresh = "t" + launched.size();
    switch (kind) {
      case 0, 1 -> launched.add(launch(agent, fresh));
      case 2 -> {
        launched.add(fresh);
        launched.add(fresh + "b");
        agent.launchGroup("d" + fresh, ExecutorInfo.Type.DEFAULT, fresh, fresh + "b");
      }
      case 3 -> {
        launched.add(fresh);
        agent.launchIn(executor, which % 3 > 0, fresh);
      }
      case 4 -> {
        if (agent.state().executors().keySet().stream()
            .anyMatch(id -> id.executor().equals(executor))) {
          agent.subscribe(executor);
        }
      }
      case 5 -> agent.command(killing(task));
      case 6 -> agent.command(shutdownExecutor(executor));
      case 7 -> agent.command(draining(which % 2 == 0));
      case 8 ->
          agent.command(
              Command.newBuilder().setReactivate(Command.Reactivate.getDefaultInstance()));
      case 9 ->
          agent.machine.alive().stream()
              .skip(which % 3)
              .findFirst()
              .ifPresent(run -> agent.machine.exit(run.name, which % 2));
      case 10 ->
          agent.machine.alive().stream()
              .findFirst()
              .ifPresent(run -> agent.machine.exitUnseen(run.name, which % 2));
      case 11 -> agent.restart().registered();
      case 12 -> agent.queued(killing(task)).restartBeforeActing().registered();
      case 13 -> agent.queued(draining(false)).restartBeforeActing().registered();
      case 14 -> agent.after(which);
      case 15 -> {
        if (launched.contains(task) && !agent.statuses(task).isEmpty()) {
          agent.acknowledge(task);
        }
      }
      case 16 -> agent.queued(shutdownExecutor(executor)).restartBeforeActing().registered();
      default -> agent.restart();
    }
    agent.run();
  }

  private static String launch(AgentScenario agent, String task) {
    agent.launch(task);
    return task;
  }

  @Property(tries = 150)
  void shouldTellOneEndOfEveryTask(
      @ForAll @Size(max = 25) List<@IntRange(max = STEPS - 1) Integer> steps,
      @ForAll @IntRange(max = 1000) int seed) {
    // given
    Random random = new Random(seed);
    AgentScenario agent =
        new AgentScenario(2_000).registered().with(FrameworkInfo.Capability.Type.PARTITION_AWARE);
    Set<String> launched = new HashSet<>();
    // when
    steps.forEach(step -> step(agent, step, random.nextInt(64), launched));
    agent.restart().registered().command(draining(false));
    for (int round = 0; round < 8; round++) {
      agent.machine.alive().forEach(run -> agent.machine.exit(run.name, BY_TERM));
      agent.after(61);
      launched.forEach(task -> acknowledgeAll(agent, task));
    }
    // then
    for (String task : launched) {
      Set<TaskState> ends = new HashSet<>();
      agent.statuses(task).stream()
          .map(TaskStatus::getState)
          .filter(AgentJournalProperties::terminal)
          .forEach(ends::add);
      assertThat(ends).as(task).hasSize(1);
    }
    assertThat(agent.state().tasks()).isEmpty();
    assertThat(agent.state().executors()).isEmpty();
    assertThat(agent.machine.containers()).isEmpty();
    assertThat(agent.machine.everStarted).doesNotHaveDuplicates();
  }

  private static void acknowledgeAll(AgentScenario agent, String task) {
    if (!agent.statuses(task).isEmpty()) {
      agent.acknowledgeAll(task);
    }
  }

  @Property(tries = 100)
  void shouldLeaveNothingOfTornDownFramework(
      @ForAll @Size(max = 20) List<@IntRange(max = STEPS - 1) Integer> steps,
      @ForAll @IntRange(max = 1000) int seed) {
    // given
    Random random = new Random(seed);
    AgentScenario agent = new AgentScenario(2_000).registered();
    Set<String> launched = new HashSet<>();
    steps.forEach(step -> step(agent, step, random.nextInt(64), launched));
    // when
    agent.registered().queued(shutdownFramework()).restartBeforeActing().registered();
    agent.after(70);
    agent.machine.alive().forEach(run -> agent.machine.exit(run.name, BY_TERM));
    agent.after(70);
    // then
    assertThat(agent.reported()).isEmpty();
    assertThat(agent.state().executors()).isEmpty();
    assertThat(agent.machine.containers()).isEmpty();
  }

  @Property(tries = 60)
  void shouldGiveTheSameStateWhereverItIsCompacted(
      @ForAll @Size(max = 20) List<@IntRange(max = STEPS - 1) Integer> steps,
      @ForAll @IntRange(max = 1000) int seed) {
    // given
    Random random = new Random(seed);
    AgentScenario agent = new AgentScenario().registered();
    steps.stream()
        .filter(step -> step != 11 && step != 12 && step != 13 && step < 16)
        .forEach(step -> step(agent, step, random.nextInt(64), new HashSet<>()));
    List<JournalRecord> records = agent.journal().records();
    AgentState whole = replayed(AgentState.EMPTY, records);
    // when, then
    for (int cut = 0; cut <= records.size(); cut++) {
      AgentState before = replayed(AgentState.EMPTY, records.subList(0, cut));
      AgentState compacted = AgentState.of(before.snapshot());
      assertThat(replayed(compacted, records.subList(cut, records.size()))).isEqualTo(whole);
    }
  }

  private static AgentState replayed(AgentState from, List<JournalRecord> records) {
    AgentState state = from;
    for (JournalRecord record : records) {
      state = AgentApply.apply(state, record);
    }
    return state.withSession(AgentState.Session.EMPTY);
  }

  /** A state of records that no decision made: of anything, about anything. */
  private static AgentState arbitraryState(Random random) {
    List<JournalRecord> records = new ArrayList<>();
    for (int number = 0; number < 20; number++) {
      JournalRecord record =
          (JournalRecord) arbitrary(JournalRecord.newBuilder(), random, 0).build();
      if (record.getWhatCase() != JournalRecord.WhatCase.WHAT_NOT_SET) {
        records.add(record);
      }
    }
    return replayed(AgentState.EMPTY, records);
  }

  @Property(tries = 500)
  void shouldApplyAnyRecord(@ForAll long seed) {
    // when
    AgentState state = arbitraryState(new Random(seed));
    // then
    assertThat(AgentState.of(state.snapshot())).isEqualTo(state);
  }

  @Property(tries = 500)
  void shouldDecideAnyInputInAnyState(@ForAll long seed) {
    // given
    Random random = new Random(seed);
    AgentState state = arbitraryState(random);
    AgentDecide rules = new AgentDecide(AgentScenario.settings(1));
    // when
    for (int number = 0; number < 60; number++) {
      AgentInput input = arbitraryInput(state, random);
      assertThat(AgentDecide.looksFirst(state, input)).doesNotContainNull();
      Moment moment = new Moment(1_000L * number, new UUID(seed, number << 8));
      state = rules.decide(state, input, moment).state();
    }
    // then
    AgentState durable = state.withSession(AgentState.Session.EMPTY);
    assertThat(AgentState.of(durable.snapshot())).isEqualTo(durable);
  }

  private static AgentInput arbitraryInput(AgentState state, Random random) {
    List<RunId> runs = new ArrayList<>();
    state.tasks().values().forEach(task -> runs.add(task.run()));
    state.executors().values().forEach(executor -> runs.add(executor.run()));
    runs.add(new RunId(new ExecutorId("x0", "x1"), "x1", 1, 0));
    RunId run = runs.get(random.nextInt(runs.size()));
    Optional<WaitStatus> exit =
        random.nextBoolean()
            ? Optional.of(new WaitStatus(random.nextInt(1 << 16), random.nextBoolean()))
            : Optional.empty();
    AgentInput.RunEnd end = new AgentInput.RunEnd(run, exit, Optional.empty());
    Limitation limitation = Limitation.memory(ContainerResources.NONE, 1);
    return switch (random.nextInt(16)) {
      case 0 ->
          new AgentInput.Recovered(
              runs.stream().map(found -> found(found, random)).toList(), List.of("container"));
      case 1, 2, 3 ->
          new AgentInput.MasterSaid(
              (AgentEvent)
                  ((AgentEvent.Builder) arbitrary(AgentEvent.newBuilder(), random, 0))
                      .setTerm(state.head().getTerm())
                      .setType(AgentEvent.Type.COMMAND)
                      .setCommand(
                          ((Command.Builder) arbitrary(Command.newBuilder(), random, 1))
                              .setNumber(state.lastCommand() + 1))
                      .build());
      case 4 ->
          new AgentInput.MasterSaid(
              (AgentEvent) arbitrary(AgentEvent.newBuilder(), random, 0).build());
      case 5 -> new AgentInput.ExecutorEndTaken(run);
      case 6 -> new AgentInput.ProcessStarted(run, 7, ContainerFacts.NONE);
      case 7 -> new AgentInput.ProcessFailed(run, "why");
      case 8 -> new AgentInput.ProcessCancelled(run);
      case 9 -> new AgentInput.RunsEnded(List.of(end, end));
      case 10 ->
          new AgentInput.ExecutorCalled(
              (Call) arbitrary(Call.newBuilder(), random, 0).build(),
              AgentInput.CallerProof.values()[random.nextInt(3)],
              random.nextInt(3));
      case 11 -> new AgentInput.StreamClosed(random.nextInt(3));
      case 12 -> new AgentInput.DeliveryFailed(List.of(run), "why");
      case 13 -> new AgentInput.HealthChecked(run, false, random.nextBoolean(), "why");
      case 14 -> new AgentInput.LimitExceeded(run, limitation);
      default -> new AgentInput.Tick(true);
    };
  }

  private static AgentInput.RunFound found(RunId run, Random random) {
    boolean started = random.nextBoolean();
    boolean over = started && random.nextBoolean();
    return new AgentInput.RunFound(
        run,
        started,
        7,
        ContainerFacts.NONE,
        over
            ? Optional.of(
                new AgentInput.RunEnd(
                    run, Optional.of(WaitStatus.exited(random.nextInt(2))), Optional.empty()))
            : Optional.empty());
  }

  private static Message.Builder arbitrary(Message.Builder builder, Random random, int depth) {
    List<FieldDescriptor> fields = builder.getDescriptorForType().getFields();
    for (FieldDescriptor field : fields) {
      boolean set = field.isRequired() || random.nextInt(depth == 0 ? 4 : 3) == 0;
      if (!set || (depth > 7 && !field.isRequired())) {
        continue;
      }
      if (field.isRepeated()) {
        if (!field.isMapField()) {
          builder.addRepeatedField(field, value(builder, field, random, depth));
        }
      } else {
        builder.setField(field, value(builder, field, random, depth));
      }
    }
    return builder;
  }

  private static Object value(
      Message.Builder builder, FieldDescriptor field, Random random, int depth) {
    return switch (field.getJavaType()) {
      case INT -> random.nextInt(3) - 1;
      case LONG -> (long) random.nextInt(5) - 1;
      case FLOAT -> random.nextFloat();
      case DOUBLE -> random.nextDouble();
      case BOOLEAN -> random.nextBoolean();
      case STRING -> "x" + random.nextInt(2);
      case BYTE_STRING -> ByteString.copyFromUtf8("u" + random.nextInt(2));
      case ENUM ->
          field
              .getEnumType()
              .getValues()
              .get(random.nextInt(field.getEnumType().getValues().size()));
      case MESSAGE -> arbitrary(builder.newBuilderForField(field), random, depth + 1).build();
    };
  }

  private static boolean terminal(TaskState state) {
    return switch (state) {
      case TASK_STAGING, TASK_STARTING, TASK_RUNNING, TASK_KILLING -> false;
      default -> true;
    };
  }
}
