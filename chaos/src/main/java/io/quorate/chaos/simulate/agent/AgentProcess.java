package io.quorate.chaos.simulate.agent;

import io.quorate.agent.AgentCore;
import io.quorate.agent.AgentEnvironment;
import io.quorate.agent.Reconfiguration;
import io.quorate.agent.executor.ExecutorTokens;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Isolators;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.Sources;
import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.world.SimulatedProcess;
import io.quorate.chaos.simulate.world.World;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * One run of an agent: its real core, and in place of its thread a loop as events of the world. A
 * sync of the journal takes time, in which what happens waits in the queue and power may fail.
 */
final class AgentProcess {
  /** The product's is shorter; nothing hangs on it but how soon something is seen. */
  private static final long TICK = 250 * World.MILLI;

  private static final long WAKE_MAX = 200_000;
  private static final byte[] KEY = new byte[32];

  private final World world;
  private final SimulatedAgent agent;
  private final SimulatedProcess process;
  private final AgentLink link;
  private final AgentCore core;
  private final List<Runnable> queue = new ArrayList<>();
  private boolean woken;
  private boolean busy;
  private UUID latestId;

  AgentProcess(World world, SimulatedAgent agent) {
    this.world = world;
    this.agent = agent;
    this.process = new SimulatedProcess(world);
    this.link = new AgentLink(world, agent, this);
    AgentSettings settings = AgentSetup.settings(agent.number());
    SimulatedLauncher launcher = new SimulatedLauncher(world, agent, this, Layout.of(settings));
    Sources sources =
        new Sources(world::now, () -> (World.EPOCH + world.now()) / World.MILLI, this::id);
    try {
      this.core =
          new AgentCore(
              settings,
              new AgentEnvironment(
                  sources,
                  this::post,
                  agent.journal(),
                  link,
                  launcher,
                  launcher,
                  Isolators.of(settings.isolation()),
                  AgentSetup.NO_PROBES,
                  ExecutorTokens.of(KEY)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Every second one is the one before, if a bug says so. */
  private UUID id() {
    if (agent.injectedBug().has(BugSwitch.AGENT_REUSES_UUIDS) && latestId != null) {
      UUID again = latestId;
      latestId = null;
      return again;
    }
    UUID next = UUID.fromString(world.uuid());
    // The world counts its ids in the low half, and a moment counts its own there too.
    latestId = new UUID(next.getLeastSignificantBits(), 0);
    return latestId;
  }

  AgentCore core() {
    return core;
  }

  SimulatedProcess process() {
    return process;
  }

  AgentLink link() {
    return link;
  }

  /** Takes up what the journal and the machine know. */
  void start() {
    try {
      core.recover(Reconfiguration.EQUAL);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    busy = true;
    settle();
    link.start();
    process.after(TICK, this::tick);
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

  // -- The loop ---------------------------------------------------------------------------------

  /** Hands something to the core; to one that is gone, nothing. */
  void post(Runnable event) {
    if (!process.dead()) {
      queue.add(event);
      wake();
    }
  }

  private void wake() {
    if (!woken && !busy) {
      woken = true;
      process.after(world.between(0, WAKE_MAX), this::step);
    }
  }

  private void tick() {
    step();
    process.after(TICK, this::tick);
  }

  private void step() {
    woken = false;
    if (busy) {
      return;
    }
    busy = true;
    List<Runnable> batch = List.copyOf(queue);
    queue.clear();
    core.take(batch);
    settle();
  }

  private void settle() {
    if (agent.injectedBug().has(BugSwitch.AGENT_ACTS_BEFORE_SYNC)) {
      agent.disk().whenSynced(process, () -> {});
      act();
    } else {
      agent.disk().whenSynced(process, this::act);
    }
  }

  private void act() {
    try {
      if (core.act()) {
        settle();
        return;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    busy = false;
    if (core.stopped()) {
      agent.wipe();
    } else if (!queue.isEmpty()) {
      wake();
    }
  }
}
