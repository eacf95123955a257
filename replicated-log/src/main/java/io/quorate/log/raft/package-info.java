/**
 * The log on SOFAJRaft and RocksDB. JRaft's defaults are not safe; what is done about each of them
 * is listed in docs/decisions/0001. A member that meets a fault stops; it never guesses.
 */
package io.quorate.log.raft;
