package io.quorate.chaos.simulate.master;

import com.google.protobuf.MessageLite;
import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.raft.RaftDisk;
import io.quorate.chaos.simulate.raft.RaftEntry;
import io.quorate.chaos.simulate.raft.RaftLead;
import io.quorate.chaos.simulate.raft.RaftNode;
import io.quorate.chaos.simulate.raft.RaftSnapshot;
import io.quorate.chaos.simulate.world.ActionPlan;
import io.quorate.chaos.simulate.world.MemoryRows;
import io.quorate.chaos.simulate.world.SimulatedProcess;
import io.quorate.chaos.simulate.world.World;
import io.quorate.log.LogStatus;
import io.quorate.log.MemberProgress;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.log.RowReader;
import io.quorate.master.event.Call;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.leader.LoopSettings;
import io.quorate.master.state.MasterState;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** One master: the real loop and state machine, over a simulated log, disk, clock and network. */
public final class SimulatedMember {
  private final World world;
  private final int number;
  private final SimulatedQuorum quorum;
  private final LoopSettings settings;
  private final Invariants invariants;
  private final SimulatedHistory journal;

  /** What the quorum knows it by; another one after its disk was lost. */
  private int id;

  /** Null while it is lost. */
  private RaftDisk disk;

  private Running running;

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
    this.journal = new SimulatedHistory(world, quorum.log()::at);
  }

  public int number() {
    return number;
  }

  public int id() {
    return id;
  }

  /**
   * Connects a client to the master's port; the connection is refused if there is no process.
   *
   * @param isCall whether the answer is no stream; it may get lost then
   * @param arrives when the request is there
   */
  public <E extends MessageLite> SimulatedExchange<E> request(
      SimulatedExchange.Client<E> client,
      boolean isCall,
      BiConsumer<SimulatedServer, SimulatedExchange<E>> arrives) {
    SimulatedExchange<E> exchange = new SimulatedExchange<>(world, client);
    world.after(
        world.latency(),
        () -> {
          if (running == null) {
            exchange.broke("refused");
            return;
          }
          SimulatedServer to = running.server;
          exchange.reached(to, isCall);
          to.process().run(() -> arrives.accept(to, exchange));
        });
    return exchange;
  }

  /** An operator asks for something, and does not wait for the answer. */
  public void order(Call call) {
    world.after(
        world.latency(),
        () -> {
          if (running != null) {
            SimulatedServer to = running.server;
            to.process().run(() -> to.submit(call, (answer, failure) -> {}));
          }
        });
  }

  /** The streams of schedulers that are open here. */
  public Set<String> openStreams() {
    return running == null ? Set.of() : running.server.openStreams();
  }

  public LeaderLoop loop() {
    return running == null ? null : running.core.loop();
  }

  public RaftNode node() {
    return running == null ? null : running.node;
  }

  /** Its lead, if it is up and leads; else null. */
  public RaftLead lead() {
    return running == null ? null : running.node.lead();
  }

  long term() {
    return running == null ? 0 : running.node.term();
  }

  public MemoryRows rows() {
    return running.rows;
  }

  public long applied() {
    return running == null ? 0 : running.node.applied();
  }

  public void jumpClock(long nanos) {
    skew = nanos;
  }

  // -- Life -------------------------------------------------------------------------------------

  /** A new member with an empty disk. */
  void join(int newId, List<Integer> members) {
    id = newId;
    disk = new RaftDisk(world, quorum.injectedBug(), members);
    quorum.log().disk(id, disk);
    start();
  }

  public void start() {
    if (running == null && disk != null) {
      running = new Running();
      running.begin();
    }
  }

  private void stop() {
    if (running != null) {
      Running stopped = running;
      running = null;
      stopped.stop();
      stopped.server.breakAll();
    }
  }

  public void kill() {
    stop();
    if (disk != null) {
      disk.disk().killed();
    }
  }

  public void losePower() {
    stop();
    if (disk != null) {
      disk.disk().losesPower();
    }
  }

  void loseDisk() {
    losePower();
    disk = null;
    journal.clear();
  }

  /** Nothing is wrong with it any more. */
  public void heal() {
    resume();
    start();
    slowDisk(1);
    jumpClock(0);
    if (disk != null) {
      disk.disk().atNextWrite(() -> {});
    }
  }

  /** The next append fails after a while, and leaves nothing in the log. */
  public void loseNextAppend() {
    if (running != null) {
      running.losesNextAppend = true;
    }
  }

  /** In the middle of a write. */
  public void atNextWrite(Runnable what) {
    if (running != null) {
      disk.disk().atNextWrite(() -> world.after(world.between(0, 500_000), what));
    }
  }

  public void slowDisk(long factor) {
    if (disk != null) {
      disk.disk().slow(factor);
    }
  }

  public void pause() {
    if (running != null) {
      running.process.pause();
    }
  }

  public void resume() {
    if (running != null) {
      running.process.resume();
    }
  }

  private SimulatedCore core(SimulatedProcess process, SimulatedServer server) {
    return quorum.floor() == ActionPlan.Floor.LOG
        ? new SimulatedWriter(world, process, number, quorum.log(), quorum.injectedBug())
        : new SimulatedMaster(
            world,
            process,
            number,
            settings,
            quorum.injectedBug(),
            invariants,
            server,
            () -> World.EPOCH + world.now() + skew);
  }

  /** The state that its rows say. */
  public MasterState state() {
    return running.core.state();
  }

  /** What lives until the next crash. */
  private final class Running implements ReplicatedLog, RaftNode.Machine {
    private final SimulatedProcess process = new SimulatedProcess(world);
    private final SimulatedServer server =
        new SimulatedServer(world, process, quorum.injectedBug(), invariants, journal);
    private final SimulatedCore core = core(process, server);
    private final RaftNode node =
        new RaftNode(
            world, id, process, disk, quorum.network(), this, quorum.log(), quorum.injectedBug());
    private final TreeMap<Long, CompletableFuture<Position>> pending = new TreeMap<>();
    private MemoryRows rows = new MemoryRows();
    private boolean losesNextAppend;

    /** What they were one entry ago; for a injected bug only. */
    private MemoryRows before = rows;

    void begin() {
      node.start();
      core.start(this);
    }

    void stop() {
      node.stop();
      process.kill();
      core.stop();
    }

    // -- What the quorum agreed on --------------------------------------------------------------

    @Override
    public void restore(RaftSnapshot snapshot) {
      rows = snapshot.rows().copy();
      core.restore(rows, snapshot.index());
      journal.skipTo(snapshot.index());
      if (snapshot.index() > 0) {
        invariants.applied(number, snapshot.index(), core.state(), rows);
      }
    }

    @Override
    public void apply(RaftEntry entry) {
      Position position = new Position(entry.term(), entry.index());
      if (entry.payload() != null) {
        if (quorum.injectedBug().has(BugSwitch.SNAPSHOT_LACKS_THE_LAST)) {
          before = rows.copy();
        }
        core.apply(position, entry.payload(), rows);
        journal.append(entry.index());
      }
      invariants.applied(number, entry.index(), core.state(), rows);
      CompletableFuture<Position> done = pending.remove(entry.index());
      if (done != null) {
        done.complete(position);
      }
    }

    @Override
    public MemoryRows savedRows() {
      return quorum.injectedBug().has(BugSwitch.SNAPSHOT_LACKS_THE_LAST) ? before : rows.copy();
    }

    @Override
    public void leading(long term) {
      core.leading(term);
    }

    /** Of its appends nobody can tell any more. */
    @Override
    public void following(int leader) {
      core.following(leader == RaftNode.NOBODY ? null : "member" + leader);
      List<CompletableFuture<Position>> unknown = List.copyOf(pending.values());
      pending.clear();
      long index = node.applied();
      long term = node.term();
      for (CompletableFuture<Position> completableFuture : unknown) {
        process.after(
            world.between(World.MILLI, World.SECOND),
            () -> {
              if (quorum.injectedBug().has(BugSwitch.BELIEVES_ITSELF)) {
                completableFuture.complete(new Position(term, index));
              } else {
                completableFuture.completeExceptionally(new OutcomeUnknownException("deposed"));
              }
            });
      }
    }

    // -- The log's interface --------------------------------------------------------------------

    @Override
    public CompletableFuture<Position> append(long term, byte[] payload) {
      if (node.lead() == null || node.term() != term) {
        return CompletableFuture.failedFuture(new NotLeaderException("not in term " + term));
      }
      if (node.lead().transferring()) {
        return CompletableFuture.failedFuture(new OverloadedException("the lead is handed over"));
      }
      CompletableFuture<Position> done = new CompletableFuture<>();
      if (losesNextAppend) {
        losesNextAppend = false;
        process.after(
            world.between(World.MILLI, 300 * World.MILLI),
            () -> done.completeExceptionally(new OverloadedException("the append was lost")));
        return done;
      }
      pending.put(node.log().lastIndex() + 1, done);
      node.lead().append(core.appended(payload));
      return done;
    }

    @Override
    public CompletableFuture<Long> readBarrier() {
      return node.lead() == null
          ? CompletableFuture.failedFuture(new NotLeaderException("not the leader"))
          : node.lead().readBarrier();
    }

    @Override
    public RowReader rows() {
      return rows;
    }

    @Override
    public LogStatus status() {
      return new LogStatus(
          "member" + id,
          node.leader() == RaftNode.NOBODY ? null : "member" + node.leader(),
          node.lead() != null,
          node.term(),
          node.committed(),
          node.applied(),
          disk.snapshot().index(),
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
