package io.quorate.log;

import java.util.List;

/**
 * A member's view of the quorum.
 *
 * @param member this member, {@code host:port} of its Raft port
 * @param leader the leader's Raft port, or null where none is known
 * @param leading whether this member leads
 * @param term the current Raft term
 * @param committedIndex the last index known to be committed
 * @param appliedIndex the last index applied here
 * @param snapshotIndex the index of the last snapshot; 0 for none
 * @param chainHash hex of the hash chain over all entries up to {@code appliedIndex}
 * @param stateDigest hex of the digest over all row changes up to {@code appliedIndex}
 * @param members the voting members
 */
public record LogStatus(
    String member,
    String leader,
    boolean leading,
    long term,
    long committedIndex,
    long appliedIndex,
    long snapshotIndex,
    String chainHash,
    String stateDigest,
    List<String> members) {}
