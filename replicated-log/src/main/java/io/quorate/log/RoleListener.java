package io.quorate.log;

/**
 * Told when this member's part in the quorum changes. Called in order, from one thread that is not
 * the one that applies; must return quickly.
 */
public interface RoleListener {

  /**
   * This member leads {@code term}, and everything committed in earlier terms has been applied
   * here.
   */
  void onLeading(long term);

  /**
   * This member does not lead, or no longer.
   *
   * @param leader {@code host:port} of the leader's Raft port, or null where none is known
   */
  void onFollowing(String leader);
}
