/**
 * A Raft log for any state machine: bytes go in, rows come out.
 *
 * <p>{@link io.quorate.log.ReplicatedLog} is what a user of the log sees; {@code raft} implements
 * it on SOFAJRaft and RocksDB, {@code transport} is how members talk, and {@code journal} keeps
 * what the log has let go. Methods may be called on any thread. It must never know anything of
 * Mesos.
 */
package io.quorate.log;
