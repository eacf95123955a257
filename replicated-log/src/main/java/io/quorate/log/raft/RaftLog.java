package io.quorate.log.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.closure.ReadIndexClosure;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.log.LogStatus;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.log.RoleListener;
import io.quorate.log.StateMachine;
import io.quorate.log.transport.PeerWatch;
import io.quorate.log.transport.RaftServer;
import io.quorate.log.transport.TransportOptions;
import io.quorate.log.wire.DigestCheck;
import io.quorate.log.wire.Envelope;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ReplicatedLog} on SOFAJRaft: one member. */
public final class RaftLog implements ReplicatedLog {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);
  private static final String GROUP = "quorate";
  private static final int CLOSE_SECONDS_MAX = 10;

  private final LogOptions options;
  private final Vertx vertx;
  private final Pools pools;
  private final RowStore store;
  private final History history;
  private final LogMachine machine;
  private final RaftGroupService service;
  private final NodeImpl node;
  private final PeerWatch watch;
  private final RoleListener roles;
  private final AtomicInteger inFlight = new AtomicInteger();
  private volatile List<String> members;

  /** The highest term in which this member saw a leader. */
  private volatile long lastTerm;

  /**
   * Opens this member: binds its port, loads its snapshot, replays its log and joins the quorum.
   *
   * @throws IOException if its directory is damaged or another's, or its port cannot be bound; the
   *     message says what to do
   */
  public static RaftLog open(LogOptions options, StateMachine machine, RoleListener roles)
      throws IOException {
    NodeIdentity.claim(options.directory(), options.member());
    return new RaftLog(options, machine, roles);
  }

  private RaftLog(LogOptions options, StateMachine stateMachine, RoleListener roles)
      throws IOException {
    this.options = options;
    this.roles = roles;
    this.members = options.members();
    this.pools = new Pools(options.member());
    this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(1));
    TransportOptions transport = TransportOptions.of(vertx, options.secret());
    this.store = new RowStore(options.directory().resolve("rows"), options.tables());
    try {
      store.openEmpty();
    } catch (RocksDBException e) {
      throw new IOException("the rows in " + options.directory() + " cannot be opened", e);
    }
    stateMachine.restore(store, 0);
    this.history = new History(options);
    this.machine =
        new LogMachine(
            stateMachine,
            store,
            history,
            options.digestInterval(),
            options.faultHandler(),
            listener());
    this.watch = new PeerWatch(transport, this::gone);
    PeerId self = peer(options.member());
    RaftServer server = new RaftServer(transport, self.getIp(), self.getPort(), pools.raft());
    RaftRpcServerFactory.addRaftRequestProcessors(server, pools.raft(), pools.raft());
    this.service =
        new RaftGroupService(GROUP, self, NodeSettings.of(options, transport, machine), server);
    this.node = (NodeImpl) service.start();
    if (node == null) {
      throw new IOException(
          "the member "
              + options.member()
              + " could not start: see the log above. If it says that"
              + " its log is corrupted, remove the member, wipe its directory and add it as new");
    }
    watch.watch(others());
  }

  private List<String> others() {
    return members.stream().filter(each -> !each.equals(options.member())).toList();
  }

  static PeerId peer(String address) {
    PeerId peer = new PeerId();
    if (!peer.parse(address)) {
      throw new IllegalArgumentException("'" + address + "' is not of the form host:port");
    }
    return peer;
  }

  // -- Appending --------------------------------------------------------------------------------

  /** One entry underway. JRaft runs it on our pool, never on the thread that applies. */
  final class Append implements Closure {
    private final CompletableFuture<Position> future = new CompletableFuture<>();
    private volatile Position position;

    void appliedAt(Position where) {
      position = where;
      inFlight.decrementAndGet();
      pools.answers().execute(() -> future.complete(where));
    }

    @Override
    public void run(Status status) {
      if (position != null) {
        return;
      }
      inFlight.decrementAndGet();
      pools.answers().execute(() -> future.completeExceptionally(failure(status)));
    }
  }

  /** JRaft says EPERM only before an entry was appended; after that nobody here can tell. */
  private static RuntimeException failure(Status status) {
    RaftError error = status.getRaftError();
    String message = error + ": " + status.getErrorMsg();
    return switch (error) {
      case EBUSY -> new OverloadedException(message);
      case EPERM ->
          message.contains("expected_term") || message.contains("Is not leader")
              ? new NotLeaderException(message)
              : new OutcomeUnknownException(message);
      default -> new OutcomeUnknownException(message);
    };
  }

  @Override
  public CompletableFuture<Position> append(long term, byte[] payload) {
    if (payload.length > options.entryBytesMax()) {
      return CompletableFuture.failedFuture(
          new OverloadedException(
              "an entry of " + payload.length + " bytes; the most is " + options.entryBytesMax()));
    }
    return append(
        term,
        Envelope.newBuilder()
            .setFormatVersion(LogMachine.FORMAT_VERSION)
            .setPayload(UnsafeByteOperations.unsafeWrap(payload))
            .build());
  }

  private CompletableFuture<Position> append(long term, Envelope envelope) {
    Append append = new Append();
    if (inFlight.incrementAndGet() > options.inFlightMax()) {
      inFlight.decrementAndGet();
      append.future.completeExceptionally(
          new OverloadedException(options.inFlightMax() + " entries are in flight"));
      return append.future;
    }
    Task task = new Task(ByteBuffer.wrap(envelope.toByteArray()), append);
    task.setExpectedTerm(term);
    try {
      node.apply(task);
    } catch (RuntimeException e) {
      append.run(new Status(RaftError.EBUSY, "%s", e));
    }
    return append.future;
  }

  // -- Roles ------------------------------------------------------------------------------------

  private LogMachine.Listener listener() {
    return new LogMachine.Listener() {
      @Override
      public void leading(long term) {
        lastTerm = term;
        pools.roles().execute(() -> roles.onLeading(term));
      }

      @Override
      public void following(String leader, long term) {
        lastTerm = Math.max(lastTerm, term);
        pools.roles().execute(() -> roles.onFollowing(leader));
      }

      @Override
      public void membersChanged(List<String> now) {
        members = now;
        pools.roles().execute(() -> watch.watch(others()));
      }

      @Override
      public void compare(DigestCheck check) {
        pools.roles().execute(() -> propose(check));
      }
    };
  }

  private void propose(DigestCheck check) {
    if (node.isLeader(false)) {
      append(
              -1,
              Envelope.newBuilder()
                  .setFormatVersion(LogMachine.FORMAT_VERSION)
                  .setDigestCheck(check)
                  .build())
          .exceptionally(
              failure -> {
                LOG.debug("A comparison was not logged", failure);
                return null;
              });
    }
  }

  /**
   * The process of a member is gone. If it led, and most members find it gone, the follower with
   * the least address stands for election at once; the next ones wait a little longer each, so that
   * they do not split the votes.
   */
  private void gone(String address) {
    PeerId leader = node.getLeaderId();
    if (leader == null || !leader.getEndpoint().toString().equals(address)) {
      return;
    }
    long term = lastTerm;
    watch
        .confirmedGone(address)
        .thenAccept(
            confirmed -> {
              if (confirmed) {
                long rank =
                    others().stream()
                        .filter(each -> !each.equals(address))
                        .filter(each -> each.compareTo(options.member()) < 0)
                        .count();
                var unused = Elections.standAfter(pools, node, term, address, rank);
              }
            });
  }

  // -- The rest ---------------------------------------------------------------------------------

  @Override
  public CompletableFuture<Long> readBarrier() {
    CompletableFuture<Long> barrier = new CompletableFuture<>();
    node.readIndex(
        new byte[0],
        new ReadIndexClosure() {
          @Override
          public void run(Status status, long index, byte[] context) {
            pools
                .answers()
                .execute(
                    () -> {
                      if (status.isOk()) {
                        barrier.complete(index);
                      } else {
                        barrier.completeExceptionally(new NotLeaderException(status.toString()));
                      }
                    });
          }
        });
    return barrier;
  }

  @Override
  public LogStatus status() {
    PeerId leader = node.getLeaderId();
    RowStore.Applied applied = machine.applied();
    return new LogStatus(
        options.member(),
        leader == null || leader.isEmpty() ? null : leader.getEndpoint().toString(),
        node.isLeader(false),
        lastTerm,
        node.getLastCommittedIndex(),
        applied.index(),
        machine.snapshotIndex(),
        HexFormat.of().formatHex(applied.chainHash()),
        HexFormat.of().formatHex(applied.stateDigest()),
        members);
  }

  @Override
  public CompletableFuture<Void> transferLeadership(String member) {
    Status status = node.transferLeadershipTo(member == null ? PeerId.ANY_PEER : peer(member));
    return status.isOk()
        ? CompletableFuture.completedFuture(null)
        : CompletableFuture.failedFuture(new NotLeaderException(status.toString()));
  }

  @Override
  public CompletableFuture<Void> changeMembers(List<String> newMembers) {
    Configuration configuration = new Configuration();
    newMembers.forEach(each -> configuration.addPeer(peer(each)));
    CompletableFuture<Void> changed = new CompletableFuture<>();
    node.changePeers(configuration, closure(changed));
    return changed;
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    node.snapshot(closure(taken));
    return taken;
  }

  private Closure closure(CompletableFuture<Void> future) {
    return status ->
        pools
            .answers()
            .execute(
                () -> {
                  if (status.isOk()) {
                    future.complete(null);
                  } else {
                    future.completeExceptionally(new IllegalStateException(status.toString()));
                  }
                });
  }

  @Override
  public void close() {
    watch.stop();
    if (node.isLeader(false) && members.size() > 1) {
      node.transferLeadershipTo(PeerId.ANY_PEER);
      Elections.awaitAnother(node, options.electionTimeout());
    }
    service.shutdown();
    try {
      service.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    store.close();
    history.close();
    pools.close();
    try {
      vertx
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_SECONDS_MAX, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (java.util.concurrent.ExecutionException | TimeoutException e) {
      LOG.warn("The transport did not close in time", e);
    }
  }

  /** As if the process had been killed: every socket closes, nothing is handed over. For tests. */
  void vanish() {
    watch.stop();
    service.getRpcServer().shutdown();
    vertx.close().toCompletionStage().toCompletableFuture().join();
    try {
      service.shutdown();
    } catch (java.util.concurrent.RejectedExecutionException e) {
      LOG.debug("The sockets are gone already", e);
    }
  }
}
