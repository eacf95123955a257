/**
 * The journal: committed entries that are kept, for history, after the Raft log was truncated.
 *
 * <p>It is written on the apply thread and may be read on any. It must never count as the truth: it
 * can be lost, and is then built again from the Raft log as far as that reaches. It says where it
 * has holes.
 */
package io.quorate.log.journal;
