/**
 * The log on SOFAJRaft and RocksDB. JRaft's defaults are not safe; docs/decisions/0001 lists what
 * is done about each of them.
 *
 * <p>Only those who open a log call this package; the rest of the world sees {@link
 * io.quorate.log.ReplicatedLog}. State machines are called on the apply thread. A member that meets
 * a fault stops, and must never guess.
 */
package io.quorate.log.raft;
