package io.quorate.chaos.simulate;

import io.quorate.log.LogStatus;
import io.quorate.log.MemberProgress;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.log.RowReader;
import io.quorate.master.event.Entry;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.leader.LoopEnvironment;
import io.quorate.master.leader.LoopSettings;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One master: the real loop and state machine, over a simulated log, clock and network. */
final class SimulatedMember {
  private final World world;
  private final int number;
  private final SimulatedQuorum quorum;
  private final LoopSettings settings;
  private final Invariants invariants;
  private final SimulatedFace face;

  private Running running;
  private MemoryRows snapshot = new MemoryRows();
  private long snapshotIndex;
  private boolean cutOff;

  /** The clock's error; jumps now and then. */
  private long skew;

  SimulatedMember(
      World world,
      int number,
      SimulatedQuorum quorum,
      LoopSettings settings,
      Invariants invariants) {
    this.world = world;
    this.number = number;
    this.quorum = quorum;
    this.settings = settings;
    this.invariants = invariants;
    this.face = new SimulatedFace(world, this, quorum.sabotage(), invariants);
    start();
  }

  int number() {
    return number;
  }

  SimulatedFace face() {
    return face;
  }

  /** Up, and connected to the other members. */
  boolean able() {
    return running != null && !cutOff;
  }

  LeaderLoop loop() {
    return running == null ? null : running.loop;
  }

  MemoryRows rows() {
    return running.rows;
  }

  long applied() {
    return running == null ? 0 : running.applied;
  }

  void jumpClock(long nanos) {
    skew = nanos;
  }

  // -- Life -------------------------------------------------------------------------------------

  void start() {
    if (running == null) {
      running = new Running();
      running.begin();
    }
  }

  void crash() {
    if (running != null) {
      running.stop();
      running = null;
      face.breakAll();
      quorum.lost(this);
    }
  }

  void cutOff() {
    cutOff = true;
    quorum.lost(this);
  }

  void heal() {
    cutOff = false;
    if (running != null) {
      running.catchUpSoon();
    }
  }

  // -- Raft's side ------------------------------------------------------------------------------

  void lead(long term) {
    if (running != null) {
      running.lead(term);
    }
  }

  void follow(SimulatedMember leader) {
    Running at = running;
    // Whoever is cut off does not know that it is deposed.
    long late = cutOff ? world.between(0, 4 * World.SECOND) : world.latency();
    world.after(
        late,
        () -> {
          if (running == at && at != null && quorum.leader() != this) {
            at.leading = 0;
            at.loop.onFollowing("member" + leader.number());
          }
        });
    if (at != null) {
      at.catchUpSoon();
    }
  }

  /** Its appends fail from here on; what was in flight, oldest first. */
  ArrayDeque<byte[]> depose() {
    return running == null ? new ArrayDeque<>() : running.depose();
  }

  /** What lives until the next crash. */
  private final class Running implements ReplicatedLog {
    private final MemoryRows rows = snapshot.copy();
    private final SimulatedExecutor core = new SimulatedExecutor(world);
    private final LeaderLoop loop =
        new LeaderLoop(
            MasterInfo.newBuilder()
                .setId("member" + number)
                .setIp(1)
                .setPort(5050)
                .setHostname("member" + number)
                .build(),
            settings,
            new LoopEnvironment(
                () -> World.EPOCH + world.now() + skew, world::now, core, core, world::uuid),
            face.streams(),
            face.links());
    private final ArrayDeque<Pending> pending = new ArrayDeque<>();
    private long applied = snapshotIndex;
    private long leading;
    private boolean committing;
    private boolean stopped;

    private record Pending(byte[] payload, CompletableFuture<Position> done) {}

    void begin() {
      loop.machine().restore(rows, applied);
      catchUp();
      loop.start(this);
    }

    void stop() {
      stopped = true;
      loop.close();
    }

    void lead(long term) {
      catchUp();
      leading = term;
      loop.onLeading(term);
    }

    /** Applies what is committed, up to some point: followers lag. */
    void catchUpSoon() {
      world.after(
          world.between(0, 200 * World.MILLI),
          () -> {
            if (!stopped && !cutOff) {
              catchUp();
            }
          });
    }

    private void catchUp() {
      while (applied < quorum.lastIndex()) {
        SimulatedQuorum.Committed next = quorum.at(applied + 1);
        Entry entry =
            quorum
                .sabotage()
                .applied(number, next.position().index(), SimulatedQuorum.parse(next.payload()));
        loop.machine().apply(next.position(), entry.toByteArray(), rows);
        applied++;
        invariants.applied(number, applied, loop.machine().committed(), rows);
        if (world.oneIn(100)) {
          snapshot = rows.copy();
          snapshotIndex = applied;
        }
      }
    }

    // -- The log's interface --------------------------------------------------------------------

    @Override
    public CompletableFuture<Position> append(long term, byte[] payload) {
      if (leading != term) {
        return CompletableFuture.failedFuture(new NotLeaderException("not in term " + term));
      }
      if (quorum.leader() != SimulatedMember.this || quorum.term() != term) {
        return deposedAppend(term);
      }
      Pending next = new Pending(payload, new CompletableFuture<>());
      pending.add(next);
      commitSoon();
      return next.done;
    }

    /** It does not know yet; this entry is never committed. */
    private CompletableFuture<Position> deposedAppend(long term) {
      CompletableFuture<Position> lost = new CompletableFuture<>();
      world.after(
          world.between(World.MILLI, World.SECOND),
          () -> {
            if (stopped) {
              return;
            }
            end(lost, term);
          });
      return lost;
    }

    /** What a deposed leader hears of its appends. */
    private void end(CompletableFuture<Position> append, long term) {
      if (quorum.sabotage().believesItself()) {
        append.complete(new Position(term, quorum.lastIndex()));
      } else {
        append.completeExceptionally(new OutcomeUnknownException("deposed"));
      }
    }

    private void commitSoon() {
      if (committing || pending.isEmpty() || cutOff) {
        return;
      }
      committing = true;
      world.after(
          world.latency(),
          () -> {
            committing = false;
            boolean leads = quorum.leader() == SimulatedMember.this && quorum.term() == leading;
            if (stopped || pending.isEmpty() || !leads || cutOff) {
              return;
            }
            Pending next = pending.poll();
            quorum.commit(next.payload, leading);
            catchUp();
            quorum.members().stream()
                .filter(each -> each != SimulatedMember.this && each.able())
                .forEach(each -> each.running.catchUpSoon());
            next.done.complete(quorum.at(applied).position());
            commitSoon();
          });
    }

    ArrayDeque<byte[]> depose() {
      ArrayDeque<byte[]> inFlight = new ArrayDeque<>();
      for (Pending each : pending) {
        inFlight.add(each.payload);
        world.after(
            world.between(World.MILLI, 2 * World.SECOND),
            () -> {
              if (!stopped) {
                end(each.done, leading);
              }
            });
      }
      pending.clear();
      return inFlight;
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
      catchUp();
      return CompletableFuture.completedFuture(applied);
    }

    @Override
    public RowReader rows() {
      return rows;
    }

    @Override
    public LogStatus status() {
      return new LogStatus(
          "member" + number,
          quorum.leader() == null ? null : "member" + quorum.leader().number(),
          leading != 0,
          quorum.term(),
          quorum.lastIndex(),
          applied,
          snapshotIndex,
          "",
          "",
          List.of());
    }

    @Override
    public CompletableFuture<List<MemberProgress>> progress() {
      throw new UnsupportedOperationException("the loop does not use it");
    }

    @Override
    public CompletableFuture<Void> transferLeadership(String member) {
      throw new UnsupportedOperationException("the loop does not use it");
    }

    @Override
    public CompletableFuture<Void> changeMembers(List<String> members) {
      throw new UnsupportedOperationException("the loop does not use it");
    }

    @Override
    public CompletableFuture<Void> snapshot() {
      throw new UnsupportedOperationException("the loop does not use it");
    }

    @Override
    public void close() {}
  }
}
