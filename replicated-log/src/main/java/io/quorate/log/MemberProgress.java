package io.quorate.log;

import java.util.OptionalLong;

/**
 * How far a member is, as it said itself when it was asked.
 *
 * @param member {@code host:port} of its Raft port
 * @param appliedIndex the last index applied there; empty if it did not answer
 */
public record MemberProgress(String member, OptionalLong appliedIndex) {}
