/**
 * The journal: committed entries kept after the Raft log was truncated, for history. Never the
 * truth: it can be lost and is then rebuilt from the Raft log as far as that reaches; it says where
 * it has holes.
 */
package io.quorate.log.journal;
