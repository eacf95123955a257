package io.quorate.log.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.core.DefaultJRaftServiceFactory;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.NodeOptions;
import com.alipay.sofa.jraft.option.RaftOptions;
import com.alipay.sofa.jraft.option.ReadOnlyOption;
import com.alipay.sofa.jraft.storage.LogStorage;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import com.alipay.sofa.jraft.storage.impl.RocksDBLogStorage;
import com.alipay.sofa.jraft.util.StorageOptionsFactory;
import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import io.quorate.log.transport.RaftTransport;
import io.quorate.log.transport.TransportOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ThreadPoolExecutor;
import org.rocksdb.DBOptions;
import org.rocksdb.WALRecoveryMode;

/** JRaft's options, each set for safety where its default is not safe. */
final class NodeSettings {
  /** JRaft's generated classes run on this protobuf and are warned about, one by one, for ever. */
  private static final java.util.logging.Logger PROTOBUF_LOG =
      java.util.logging.Logger.getLogger("com.google.protobuf.GeneratedMessage");

  static {
    PROTOBUF_LOG.setLevel(java.util.logging.Level.SEVERE);
    // The default drops acknowledged entries behind a flipped byte without a word. This one opens
    // after a torn tail and refuses a hole.
    DBOptions options = StorageOptionsFactory.getDefaultRocksDBOptions();
    options.setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords);
    StorageOptionsFactory.registerRocksDBOptions(RocksDBLogStorage.class, options);
  }

  /**
   * JRaft's internal tasks of one group (wake-ups of replicators, closures, snapshots). Its default
   * pool refuses work when its threads are taken, and replication then stops for good while the
   * heartbeats live on. This one is bounded too, but the caller then does the work: nothing of ours
   * in it ever blocks.
   */
  static final ThreadPoolExecutor TASKS =
      Threads.pool("raft-tasks", 8, 10_000, new ThreadPoolExecutor.CallerRunsPolicy());

  static {
    ThreadPoolsFactory.registerThreadPool(RaftLog.GROUP, TASKS);
  }

  private static final int BLOCK_BYTES = 1 << 20;

  private NodeSettings() {}

  static NodeOptions of(
      LogOptions options, TransportOptions transport, LogMachine machine, EntryFiles entryFiles) {
    Path directory = options.directory();
    NodeOptions node = new RaftTransport.Options(transport);
    Configuration members = new Configuration();
    options.members().forEach(member -> members.addPeer(peer(member)));
    node.setInitialConf(members);
    node.setFsm(machine);
    node.setLogUri(directory.resolve("log").toString());
    node.setRaftMetaUri(directory.resolve("meta").toString());
    node.setSnapshotUri(directory.resolve("snapshot").toString());
    node.setElectionTimeoutMs(Math.toIntExact(options.electionTimeout().toMillis()));
    node.setSnapshotIntervalSecs(Math.toIntExact(options.snapshotInterval().toSeconds()));
    node.setDisableCli(true);
    node.setRpcProcessorThreadPoolSize(16);
    node.setServiceFactory(
        new DefaultJRaftServiceFactory() {
          @Override
          public RaftMetaStorage createRaftMetaStorage(String uri, RaftOptions raftOptions) {
            return new VoteStorage(Path.of(uri), options.faultHandler());
          }

          @Override
          public LogStorage createLogStorage(String uri, RaftOptions raftOptions) {
            return entryFiles.at(uri, raftOptions);
          }
        });
    node.setRaftOptions(raft(options));
    return node;
  }

  private static RaftOptions raft(LogOptions options) {
    RaftOptions raft = new RaftOptions();
    raft.setSync(true);
    raft.setSyncMeta(true);
    raft.setEnableLogEntryChecksum(true);
    raft.setReadOnlyOptions(ReadOnlyOption.ReadOnlySafe);
    raft.setReplicatorPipeline(false);
    raft.setMaxElectionDelayMs(
        Math.toIntExact(Math.max(50, options.electionTimeout().toMillis() / 2)));
    raft.setMaxByteCountPerRpc(BLOCK_BYTES);
    raft.setMaxBodySize(options.entryBytesMax());
    raft.setDisruptorBufferSize(4096);
    return raft;
  }

  static List<String> addresses(Configuration configuration) {
    return configuration.listPeers().stream().map(peer -> peer.getEndpoint().toString()).toList();
  }

  static PeerId peer(String address) {
    PeerId peer = new PeerId();
    if (!peer.parse(address)) {
      throw new IllegalArgumentException("'" + address + "' is not of the form host:port");
    }
    return peer;
  }
}
