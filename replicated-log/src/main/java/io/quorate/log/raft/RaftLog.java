package io.quorate.log.raft;

import com.alipay.sofa.jraft.RaftGroupService;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.rpc.RaftRpcServerFactory;
import com.google.protobuf.UnsafeByteOperations;
import io.quorate.log.LogStatus;
import io.quorate.log.MemberProgress;
import io.quorate.log.OverloadedException;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.log.RoleListener;
import io.quorate.log.RowReader;
import io.quorate.log.StateMachine;
import io.quorate.log.journal.JournalReader;
import io.quorate.log.transport.PeerWatch;
import io.quorate.log.transport.RaftServer;
import io.quorate.log.transport.TransportOptions;
import io.quorate.log.wire.DigestCheck;
import io.quorate.log.wire.Envelope;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rocksdb.RocksDBException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@link ReplicatedLog} on SOFAJRaft: one member. */
public final class RaftLog implements ReplicatedLog {
  private static final Logger LOG = LoggerFactory.getLogger(RaftLog.class);
  static final String GROUP = "quorate";
  private static final int CLOSE_SECONDS_MAX = 10;

  private final LogOptions options;
  private final NodeIdentity identity;
  private final EntryFiles entryFiles = new EntryFiles();
  private final Vertx vertx;
  private final Pools pools;
  private final RowStore store;
  private final History history;
  private final LogMachine machine;
  private final Appends appends;
  private final RaftServer server;
  private final RaftGroupService service;
  private final PeerWatch watch;
  private final RoleListener roles;
  private volatile List<String> members;

  /** Set while the member is opened, before anybody else has this object. */
  private volatile NodeImpl node;

  private Membership membership;

  /** The highest term in which this member saw a leader. */
  private volatile long lastTerm;

  /** The term in which this member was told to lead; 0 if it was told to follow since. */
  private volatile long leadingTerm;

  /**
   * Opens this member: binds its port, loads its snapshot, replays its log and joins the quorum.
   *
   * @throws IOException if its directory is damaged, in use or another's, or its port cannot be
   *     bound; the message says what to do
   */
  public static RaftLog open(LogOptions options, StateMachine machine, RoleListener roles)
      throws IOException {
    NodeIdentity identity =
        NodeIdentity.claim(options.directory(), options.member(), options.members());
    RaftLog log = null;
    try {
      NativeLibrary.load(options.directory());
      log = new RaftLog(options, identity, machine, roles);
      log.start();
      return log;
    } catch (IOException | RuntimeException e) {
      if (log == null) {
        identity.close();
      } else {
        log.release();
      }
      throw e;
    }
  }

  private RaftLog(
      LogOptions options, NodeIdentity identity, StateMachine stateMachine, RoleListener roles) {
    this.options = options;
    this.identity = identity;
    this.roles = roles;
    this.members = options.members();
    this.pools = new Pools(options.member());
    this.appends = new Appends(options.inFlightMax(), options.inFlightBytesMax(), pools.answers());
    this.vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(2).setWorkerPoolSize(1));
    TransportOptions transport = TransportOptions.of(vertx, options.secret());
    this.store = new RowStore(options.directory().resolve("rows"), options.tables());
    this.history = new History(options, entryFiles);
    this.machine = new LogMachine(stateMachine, store, history, options, listener());
    this.watch = new PeerWatch(transport, this::gone);
    PeerId self = NodeSettings.peer(options.member());
    this.server = new RaftServer(transport, self.getIp(), self.getPort(), pools.raft());
    server.progress(() -> Membership.answer(machine.applied().index(), node, members));
    RaftRpcServerFactory.addRaftRequestProcessors(server, pools.raft(), pools.raft());
    this.service =
        new RaftGroupService(
            GROUP, self, NodeSettings.of(options, transport, machine, entryFiles), server);
  }

  private void start() throws IOException {
    // Bound first: JRaft would go on with a port that it did not get.
    if (!server.init(null)) {
      throw new IOException("the Raft port " + options.member() + " cannot be bound: see the log");
    }
    try {
      store.openEmpty();
    } catch (RocksDBException e) {
      throw new IOException("the rows in " + options.directory() + " cannot be written", e);
    }
    machine.begin();
    Membership.checkFirst(identity, options, watch);
    try {
      node = (NodeImpl) service.start(false);
    } catch (IllegalStateException e) {
      throw new IOException(entryFiles.whyNotStarted(options), e);
    }
    // What the log says counts, if it says anything; the option is for an empty one.
    members = NodeSettings.addresses(node.getCurrentConf());
    membership = new Membership(node, watch, pools, options.electionTimeout(), this::status);
    watch.watch(others());
  }

  private List<String> others() {
    return members.stream().filter(member -> !member.equals(options.member())).toList();
  }

  // -- Appending --------------------------------------------------------------------------------

  @Override
  public CompletableFuture<Position> append(long term, byte[] payload) {
    if (payload.length > options.entryBytesMax()) {
      return CompletableFuture.failedFuture(
          new OverloadedException(
              "an entry of " + payload.length + " bytes; the most is " + options.entryBytesMax()));
    }
    return appends.append(
        node,
        term,
        Envelope.newBuilder()
            .setFormatVersion(LogMachine.FORMAT_VERSION)
            .setPayload(UnsafeByteOperations.unsafeWrap(payload))
            .build());
  }

  // -- Roles ------------------------------------------------------------------------------------

  private LogMachine.Listener listener() {
    return new LogMachine.Listener() {
      @Override
      public void leading(long term) {
        lastTerm = term;
        leadingTerm = term;
        pools.roles().execute(() -> roles.onLeading(term));
      }

      @Override
      public void following(String leader, long term) {
        lastTerm = Math.max(lastTerm, term);
        leadingTerm = 0;
        pools.roles().execute(() -> roles.onFollowing(leader));
      }

      @Override
      public void membersChanged(List<String> now) {
        if (members.contains(options.member()) && !now.contains(options.member())) {
          LOG.warn("This member was removed from the quorum, which is now {}: stop it", now);
        }
        members = now;
        pools.roles().execute(() -> watch.watch(others()));
      }

      @Override
      public void compare(DigestCheck check) {
        pools.roles().execute(() -> propose(check));
      }

      @Override
      public void snapshotDue() {
        pools.roles().execute(() -> node.snapshot(RaftLog::taken));
      }
    };
  }

  /** A snapshot that did not come about is tried again in its time; the log only grows. */
  private static void taken(Status status) {
    if (!status.isOk()) {
      LOG.warn("A snapshot was not taken: {}", status);
    }
  }

  private void propose(DigestCheck check) {
    if (node.isLeader(false)) {
      appends
          .append(
              node,
              Appends.ANY_TERM,
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
    boolean leads = leader != null && leader.getEndpoint().toString().equals(address);
    // One that was removed has nothing to stand for.
    if (!leads || !members.contains(options.member())) {
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
                        .filter(other -> !other.equals(address))
                        .filter(other -> other.compareTo(options.member()) < 0)
                        .count();
                var unused = Elections.standAfter(pools, node, term, address, rank);
              }
            });
  }

  /** The first entry that the Raft log still has. */
  long firstIndex() {
    return entryFiles.firstIndex();
  }

  /** The history beside the log, unless it failed; see {@link JournalReader}. */
  public Optional<JournalReader> journal() {
    return history.reader();
  }

  @Override
  public CompletableFuture<Long> readBarrier() {
    return ReadBarrier.ask(node, pools);
  }

  @Override
  public RowReader rows() {
    return store;
  }

  @Override
  public LogStatus status() {
    PeerId leader = node.getLeaderId();
    RowStore.Applied applied = machine.applied();
    long term = lastTerm;
    return new LogStatus(
        options.member(),
        leader == null || leader.isEmpty() ? null : leader.getEndpoint().toString(),
        // Elected, but not told so yet, it would name the term before, or none.
        node.isLeader(false) && term != 0 && leadingTerm == term,
        term,
        node.getLastCommittedIndex(),
        applied.index(),
        machine.snapshotIndex(),
        HexFormat.of().formatHex(applied.chainHash()),
        HexFormat.of().formatHex(applied.stateDigest()),
        members);
  }

  @Override
  public CompletableFuture<List<MemberProgress>> progress() {
    return membership.progress();
  }

  @Override
  public CompletableFuture<Void> transferLeadership(String member) {
    return membership.transfer(member);
  }

  @Override
  public CompletableFuture<Void> changeMembers(List<String> newMembers) {
    return membership.change(List.copyOf(newMembers));
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    node.snapshot(
        status -> {
          if (status.isOk()) {
            taken.completeAsync(() -> null, pools.answers());
          } else {
            pools
                .answers()
                .execute(
                    () ->
                        taken.completeExceptionally(new IllegalStateException(status.toString())));
          }
        });
    return taken;
  }

  @Override
  public void close() {
    watch.stop();
    if (node.isLeader(false) && members.size() > 1) {
      node.transferLeadershipTo(PeerId.ANY_PEER);
      Elections.awaitAnother(node, options.electionTimeout());
    }
    release();
  }

  /** Ends whatever was begun, also where opening failed half-way. */
  private void release() {
    service.shutdown();
    try {
      service.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    server.shutdown();
    appends.stop();
    store.close();
    history.close();
    pools.close();
    closeTransport();
    try {
      identity.close();
    } catch (IOException e) {
      LOG.warn("The lock of {} was not given back", options.directory(), e);
    }
  }

  private void closeTransport() {
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
