package io.quorate.log.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.entity.RaftOutter.SnapshotMeta;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.Position;
import io.quorate.log.StateMachine;
import io.quorate.log.wire.DigestCheck;
import io.quorate.log.wire.Envelope;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.rocksdb.RocksDBException;

/**
 * JRaft's state machine around ours. Whatever is thrown while applying is a fault: the member
 * stops, and takes no snapshot that would bury what went wrong.
 */
final class LogMachine extends StateMachineAdapter {
  static final int FORMAT_VERSION = 1;
  private static final String SNAPSHOT_FOLDER = "rows";

  /** Digests kept for a comparison that is on its way. */
  private static final int DIGESTS_KEPT_MAX = 64;

  /** What the log is told. All methods must return quickly. */
  interface Listener {
    void leading(long term);

    void following(String leader, long term);

    void membersChanged(List<String> members);

    /** This index is one at which replicas are compared. */
    void compare(DigestCheck check);

    /** So many entries were applied since the last snapshot that it is time for the next. */
    void snapshotDue();
  }

  private final StateMachine machine;
  private final RowStore store;
  private final History history;
  private final int digestInterval;
  private final long snapshotEntries;
  private final FaultHandler faults;
  private final Listener listener;
  private final Map<Long, DigestCheck> digests =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, DigestCheck> eldest) {
          return size() > DIGESTS_KEPT_MAX;
        }
      };
  private boolean failed;
  private long entriesSinceSnapshot;
  private volatile RowStore.Applied applied = RowStore.Applied.NONE;
  private volatile long snapshotIndex;

  LogMachine(
      StateMachine machine,
      RowStore store,
      History history,
      LogOptions options,
      Listener listener) {
    this.machine = machine;
    this.store = store;
    this.history = history;
    this.digestInterval = options.digestInterval();
    this.snapshotEntries = options.snapshotEntries();
    this.faults = options.faultHandler();
    this.listener = listener;
  }

  RowStore.Applied applied() {
    return applied;
  }

  long snapshotIndex() {
    return snapshotIndex;
  }

  /** Begins with the empty store, before Raft brings a snapshot or entries. */
  void begin() {
    machine.restore(store, 0);
  }

  @Override
  public void onApply(Iterator entries) {
    try {
      while (entries.hasNext()) {
        Position position = new Position(entries.getTerm(), entries.getIndex());
        apply(position, entries.getData());
        Closure done = entries.done();
        if (done instanceof Appends.Append append) {
          append.appliedAt(position);
        }
        entries.next();
      }
    } catch (Throwable t) {
      failed = true;
      // In a process nothing comes after this line; what follows is for a handler that returns.
      faults.fault("applying entry " + entries.getIndex() + " failed", t);
      entries.setErrorAndRollback(1, new Status(RaftError.ESTATEMACHINE, "%s", t));
    }
  }

  private void apply(Position position, ByteBuffer data)
      throws InvalidProtocolBufferException, RocksDBException {
    if (failed) {
      throw new IllegalStateException("an earlier entry could not be applied");
    }
    byte[] bytes = bytes(data);
    Envelope envelope = envelope(bytes);
    try (RowStore.Batch batch = store.begin()) {
      switch (envelope.getWhatCase()) {
        case PAYLOAD -> machine.apply(position, envelope.getPayload().toByteArray(), batch);
        case DIGEST_CHECK -> compare(envelope.getDigestCheck());
        case WHAT_NOT_SET -> throw new IllegalStateException("an entry without content");
      }
      batch.commit(position.index(), chain(position.index(), bytes));
    }
    applied = store.applied();
    if (envelope.hasPayload()) {
      history.append(position, envelope.getPayload().toByteArray());
    }
    if (++entriesSinceSnapshot >= snapshotEntries) {
      entriesSinceSnapshot = 0;
      listener.snapshotDue();
    }
    if (envelope.hasPayload() && position.index() % digestInterval == 0) {
      DigestCheck check = digest(applied);
      digests.put(position.index(), check);
      listener.compare(check);
    }
  }

  private static byte[] bytes(ByteBuffer data) {
    byte[] bytes = new byte[data.remaining()];
    data.duplicate().get(bytes);
    return bytes;
  }

  private static Envelope envelope(byte[] bytes) throws InvalidProtocolBufferException {
    Envelope envelope = Envelope.parseFrom(bytes);
    if (envelope.getFormatVersion() != FORMAT_VERSION) {
      throw new IllegalStateException(
          "format " + envelope.getFormatVersion() + " is not one that this release reads");
    }
    return envelope;
  }

  /** What an entry of the Raft log carries, or nothing where it is one of our own. */
  static Optional<byte[]> payload(ByteBuffer data) {
    try {
      Envelope envelope = envelope(bytes(data));
      return envelope.hasPayload()
          ? Optional.of(envelope.getPayload().toByteArray())
          : Optional.empty();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an entry of the Raft log is not readable", e);
    }
  }

  private byte[] chain(long index, byte[] bytes) {
    MessageDigest digest = RowStore.sha256();
    digest.update(store.applied().chainHash());
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(index).array());
    return digest.digest(bytes);
  }

  private static DigestCheck digest(RowStore.Applied applied) {
    return DigestCheck.newBuilder()
        .setIndex(applied.index())
        .setChainHash(ByteString.copyFrom(applied.chainHash()))
        .setStateDigest(ByteString.copyFrom(applied.stateDigest()))
        .build();
  }

  /** A replica that was elsewhere at that index, or has forgotten it, has nothing to compare. */
  private void compare(DigestCheck leaders) {
    DigestCheck own = digests.get(leaders.getIndex());
    if (own != null && !own.equals(leaders)) {
      boolean state = own.getChainHash().equals(leaders.getChainHash());
      throw new IllegalStateException(
          "this replica differs from the leader's at index "
              + leaders.getIndex()
              + ": its "
              + (state ? "state digest" : "hash chain")
              + " is "
              + hex(state ? own.getStateDigest() : own.getChainHash())
              + ", the leader's "
              + hex(state ? leaders.getStateDigest() : leaders.getChainHash())
              + ". Remove this member, wipe its directory and add it as new");
    }
  }

  private static String hex(ByteString bytes) {
    return HexFormat.of().formatHex(bytes.toByteArray());
  }

  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    if (failed) {
      done.run(new Status(RaftError.EIO, "this member has failed: no snapshot"));
      return;
    }
    try {
      Path target = Path.of(writer.getPath()).resolve(SNAPSHOT_FOLDER);
      store.checkpoint(target);
      try (Stream<Path> files = Files.list(target)) {
        for (Path file : files.toList()) {
          if (!writer.addFile(SNAPSHOT_FOLDER + "/" + file.getFileName())) {
            throw new IOException("the snapshot does not take " + file);
          }
        }
      }
      snapshotIndex = store.applied().index();
      entriesSinceSnapshot = 0;
      done.run(Status.OK());
    } catch (IOException | RocksDBException | RuntimeException e) {
      done.run(new Status(RaftError.EIO, "the snapshot failed: %s", e));
    }
  }

  @Override
  public boolean onSnapshotLoad(SnapshotReader reader) {
    try {
      store.openFrom(Path.of(reader.getPath()).resolve(SNAPSHOT_FOLDER));
      digests.clear();
      applied = store.applied();
      snapshotIndex = applied.index();
      SnapshotMeta meta = reader.load();
      history.skipTo(new Position(meta.getLastIncludedTerm(), meta.getLastIncludedIndex()));
      machine.restore(store, applied.index());
      return true;
    } catch (Throwable e) {
      failed = true;
      faults.fault("the snapshot in " + reader.getPath() + " cannot be loaded", e);
      return false;
    }
  }

  @Override
  public void onLeaderStart(long term) {
    listener.leading(term);
  }

  @Override
  public void onLeaderStop(Status status) {
    listener.following(null, 0);
  }

  @Override
  public void onStartFollowing(LeaderChangeContext context) {
    listener.following(context.getLeaderId().getEndpoint().toString(), context.getTerm());
  }

  @Override
  public void onStopFollowing(LeaderChangeContext context) {
    listener.following(null, context.getTerm());
  }

  @Override
  public void onConfigurationCommitted(Configuration configuration) {
    listener.membersChanged(NodeSettings.addresses(configuration));
  }

  @Override
  public void onError(RaftException e) {
    failed = true;
    faults.fault("Raft reported an error: " + e.getStatus(), e);
  }
}
