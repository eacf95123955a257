/**
 * The leader's loop: calls in, entries to the log, effects out. {@link
 * io.quorate.master.leader.LeaderLoop} is the one file to read; {@link
 * io.quorate.master.leader.MasterMachine} is what runs on every replica.
 *
 * <p>One core thread decides and sends; the log's apply thread derives the committed state; the
 * allocator has a thread of its own and only proposes.
 */
package io.quorate.master.leader;
