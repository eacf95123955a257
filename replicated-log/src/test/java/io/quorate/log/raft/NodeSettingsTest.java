package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import io.quorate.log.transport.TransportOptions;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rocksdb.DBOptions;
import org.rocksdb.WALRecoveryMode;

/** Settings of JRaft whose lack no short test can show, each by name. */
class NodeSettingsTest {
  @TempDir Path directory;

  @Test
  @DisplayName("nothing is acknowledged unsynced, entries carry checksums, reads ask the quorum")
  void shouldBeSafe() {
    Vertx vertx = Vertx.vertx();
    try {
      NodeOptions node =
          NodeSettings.of(
              LogOptions.of(
                  directory, "127.0.0.1:1", List.of("127.0.0.1:1"), Quorum.SECRET, List.of()),
              TransportOptions.of(vertx, Quorum.SECRET),
              null,
              new EntryFiles());
      RaftOptions raft = node.getRaftOptions();
      assertThat(node.isDisableCli()).isTrue();
      assertThat(raft.isSync()).isTrue();
      assertThat(raft.isSyncMeta()).isTrue();
      assertThat(raft.isEnableLogEntryChecksum()).isTrue();
      assertThat(raft.getReadOnlyOptions()).isEqualTo(ReadOnlyOption.ReadOnlySafe);
      assertThat(raft.getMaxByteCountPerRpc()).isGreaterThanOrEqualTo(1 << 20);
      assertThat(node.getServiceFactory().createRaftMetaStorage("x", raft))
          .isInstanceOf(VoteStorage.class);
      try (DBOptions files =
          StorageOptionsFactory.getRocksDBOptions(null, RocksDBLogStorage.class)) {
        assertThat(files.walRecoveryMode()).isEqualTo(WALRecoveryMode.TolerateCorruptedTailRecords);
      }
    } finally {
      vertx.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
