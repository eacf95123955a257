/**
 * A Raft log for any state machine: bytes in, rows out. Knows nothing of Mesos.
 *
 * <p>{@link io.quorate.log.ReplicatedLog} is what a user sees; {@code raft} implements it on
 * SOFAJRaft and RocksDB, {@code transport} is how members talk.
 */
package io.quorate.log;
