package io.quorate.log.raft;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import io.quorate.log.Position;
import java.nio.ByteBuffer;
import java.util.function.BiConsumer;

/**
 * The Raft log's files as JRaft's storage opened them: whether they opened, and the entries that
 * are still there.
 */
final class EntryFiles {
  private volatile Storage storage;

  LogStorage at(String path, RaftOptions options) {
    storage = new Storage(path, options);
    return storage;
  }

  /** What the operator is told of a member that JRaft could not start. */
  String whyNotStarted(LogOptions options) {
    Storage opened = storage;
    return opened != null && opened.refused
        ? "the Raft log in "
            + options.directory().resolve("log")
            + " does not open: unless the log above names a full disk or missing rights, it is"
            + " damaged in its middle, and entries that were acknowledged may be lost from it."
            + " Remove the member "
            + options.member()
            + " from the quorum, wipe its directory and add it as a new member"
        : "the member " + options.member() + " could not start: the log above says why";
  }

  /** The first entry that is still there. */
  long firstIndex() {
    return storage.getFirstLogIndex();
  }

  /** Whether the entry at this index is there, in this term. */
  boolean holds(Position position) {
    LogEntry entry = storage.getEntry(position.index());
    return entry != null && entry.getId().getTerm() == position.term() && !entry.isCorrupted();
  }

  /**
   * Visits the data entries from {@code from} to {@code to}, both included, that are still there.
   */
  void forEach(long from, long to, BiConsumer<Position, ByteBuffer> visitor) {
    for (long index = Math.max(from, firstIndex()); index <= to; index++) {
      LogEntry entry = storage.getEntry(index);
      if (entry == null || entry.isCorrupted()) {
        throw new IllegalStateException("the entry " + index + " of the Raft log is not readable");
      }
      if (entry.getType() == EntryType.ENTRY_TYPE_DATA) {
        visitor.accept(new Position(entry.getId().getTerm(), index), entry.getData());
      }
    }
  }

  /** JRaft tells the reason in its log only, and then fails as a whole. */
  private static final class Storage extends RocksDBLogStorage {
    private volatile boolean refused;

    Storage(String path, RaftOptions options) {
      super(path, options);
    }

    @Override
    public boolean init(LogStorageOptions options) {
      boolean opened = super.init(options);
      refused = !opened;
      return opened;
    }
  }
}
