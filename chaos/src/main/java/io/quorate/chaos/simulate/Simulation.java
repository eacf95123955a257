package io.quorate.chaos.simulate;

import io.quorate.chaos.simulate.agent.SimulatedAgent;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.framework.SimulatedFramework;
import io.quorate.chaos.simulate.master.SimulatedMember;
import io.quorate.chaos.simulate.master.SimulatedQuorum;
import io.quorate.chaos.simulate.raft.RaftEntry;
import io.quorate.chaos.simulate.world.ActionPlan;
import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.chaos.simulate.world.Violation;
import io.quorate.chaos.simulate.world.World;
import io.quorate.log.Position;
import io.quorate.log.RowReader;
import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.event.Event;
import io.quorate.master.leader.LoopSettings;
import io.quorate.master.leader.MasterMachine;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.Tables;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** One world from beginning to end: actions, then healing, then the end of everything. */
final class Simulation {
  private static final int AGENTS = 3;
  private static final int FRAMEWORKS = 3;
  private static final long LAST_KILLS = ActionPlan.LENGTH + 90 * World.SECOND;
  private static final long LAST_TEARDOWNS = LAST_KILLS + 60 * World.SECOND;
  private static final long END_OF_LOG = ActionPlan.LENGTH + 15 * World.SECOND;
  private static final long END = LAST_TEARDOWNS + 60 * World.SECOND;

  /** Mesos's rules on a faster clock. */
  private static final LoopSettings SETTINGS =
      new LoopSettings(
          new Policy(
              Optional.of(20 * World.SECOND),
              30 * World.SECOND,
              15 * World.SECOND,
              100,
              3600 * World.SECOND,
              new TreeSet<>(),
              true),
          new LoopSettings.Bounds(10_000, 64 << 20, 100, 4 << 20, 2),
          AllocatorSettings.DEFAULT,
          500,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1),
          Duration.ofMillis(50),
          Duration.ofSeconds(1),
          5,
          Duration.ofSeconds(15),
          Optional.empty());

  private final World world;
  private final ActionPlan plan;
  private final Invariants invariants = new Invariants();
  private final SimulatedQuorum quorum;
  private final List<SimulatedAgent> agents = new ArrayList<>();
  private final List<SimulatedFramework> frameworks = new ArrayList<>();

  /**
   * How it went.
   *
   * @param failure the broken invariant, or the exception; empty if all held
   * @param events how often each kind was committed
   * @param history one line per step of interest, if it was recorded
   */
  record Outcome(
      Optional<String> failure,
      long steps,
      long nanos,
      long hash,
      Map<Event.WhatCase, Integer> events,
      List<String> history) {}

  private Simulation(ActionPlan plan, InjectedBug injectedBug, boolean recording) {
    this.plan = plan;
    this.world = new World(plan.seed(), recording);
    this.quorum =
        new SimulatedQuorum(
            world, plan.floor(), world.oneIn(5) ? 5 : 3, SETTINGS, injectedBug, invariants);
  }

  static Outcome run(ActionPlan plan, InjectedBug injectedBug, boolean recording) {
    Simulation simulation = new Simulation(plan, injectedBug, recording);
    Optional<String> failure = Optional.empty();
    try {
      simulation.run();
    } catch (Violation e) {
      failure = Optional.of(e.getMessage());
    } catch (RuntimeException e) {
      failure = Optional.of("no exception: " + e + " at " + e.getStackTrace()[0]);
    }
    World world = simulation.world;
    return new Outcome(
        failure,
        world.steps(),
        world.now(),
        world.historyHash(),
        simulation.invariants.counts(),
        world.history());
  }

  private void run() {
    if (plan.floor() == ActionPlan.Floor.LOG) {
      runTheLog();
    } else {
      runTheMasters();
    }
  }

  private void runTheLog() {
    Faults faults = new Faults(world, quorum);
    for (ActionPlan.Action action : plan.actions()) {
      world.after(action.at(), () -> faults.perform(action));
    }
    world.runUntil(ActionPlan.LENGTH, invariants::check);
    healMasters();
    long before = quorum.log().lastIndex();
    world.runUntil(END_OF_LOG, invariants::check);
    invariants.leads(quorum.leader() != null);
    invariants.goesOn(before, quorum.log().lastIndex());
    replicasHoldTheSame();
  }

  private void runTheMasters() {
    for (int i = 0; i < AGENTS; i++) {
      agents.add(new SimulatedAgent(world, quorum.members(), invariants, quorum.injectedBug(), i));
    }
    for (int i = 0; i < FRAMEWORKS; i++) {
      frameworks.add(
          new SimulatedFramework(world, quorum.members(), invariants, quorum.injectedBug(), i));
    }
    // Not in every seed: the others stay the worlds that they were, with the bugs that they show.
    boolean variables = plan.seed() % 5 == 4;
    Actions actions = new Actions(world, quorum, agents, frameworks, variables);
    for (ActionPlan.Action action : plan.actions()) {
      world.after(action.at(), () -> actions.perform(action));
    }
    world.runUntil(ActionPlan.LENGTH, invariants::check);
    heal(actions);
    world.runUntil(LAST_KILLS, invariants::check);
    invariants.killedTasksEnd(leaderState());
    agents.forEach(agent -> invariants.agentsComeBack(agent.name(), agent.linked()));
    invariants.connectedFrameworksHaveStreams(
        leaderState(), quorum.leader().openStreams()::contains);
    invariants.timersFire(leaderState(), World.EPOCH + world.now());
    frameworks.forEach(SimulatedFramework::teardown);
    world.runUntil(LAST_TEARDOWNS, invariants::check);
    actions.tearDownTheRest(leaderState());
    agents.forEach(agent -> agent.host().idleExecutorsExit());
    world.runUntil(END, invariants::check);
    checkTheEnd();
  }

  private void heal(Actions actions) {
    healMasters();
    actions.reactivateAll();
    frameworks.forEach(SimulatedFramework::wrapUp);
    for (int i = 1; i <= 8; i++) {
      world.after(
          i * 10 * World.SECOND,
          () -> {
            frameworks.forEach(SimulatedFramework::reconcile);
            frameworks.forEach(SimulatedFramework::killAll);
          });
    }
  }

  private void healMasters() {
    world.note("heals");
    quorum.network().healAll();
    quorum.members().forEach(SimulatedMember::heal);
    agents.forEach(SimulatedAgent::heal);
  }

  private MasterState leaderState() {
    invariants.leads(quorum.leader() != null);
    return quorum.leader().state();
  }

  private void checkTheEnd() {
    MasterState live = leaderState();
    int streams = 0;
    for (SimulatedMember member : quorum.members()) {
      streams += member.openStreams().size();
    }
    invariants.nothingIsLeft(live, streams);
    MasterMachine again = new MasterMachine(commit -> {});
    MemoryRows rows = new MemoryRows();
    again.restore(rows, 0);
    for (long index = 1; index <= quorum.leader().applied(); index++) {
      RaftEntry entry = quorum.log().at(index);
      if (entry.payload() != null) {
        again.apply(new Position(entry.term(), entry.index()), entry.payload(), rows);
      }
    }
    invariants.replayGivesTheState(live, again.committed());
    replicasHoldTheSame();
    RowReader written = quorum.leader().rows();
    invariants.rowsGiveTheState(live, Tables.read(written));
  }

  private void replicasHoldTheSame() {
    SimulatedMember leader = quorum.leader();
    for (SimulatedMember member : quorum.members()) {
      if (member.applied() == leader.applied()) {
        invariants.replicasHoldTheSame(
            leader.number(), leader.rows(), member.number(), member.rows());
      }
    }
  }
}
