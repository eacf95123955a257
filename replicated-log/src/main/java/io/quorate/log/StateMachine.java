package io.quorate.log;

/**
 * What the log is applied to. All methods are called on one thread, in index order, and must be
 * deterministic: two members that applied the same entries hold the same rows, which is checked.
 *
 * <p>Anything thrown stops the member for good: a fault in applying is never skipped.
 */
public interface StateMachine {

  /**
   * Rebuilds the state from rows: at start, and when a snapshot of the leader was installed.
   * Forgets whatever was there before.
   *
   * @param appliedIndex the index that the rows are the result of; 0 for an empty store
   */
  void restore(RowReader rows, long appliedIndex);

  /** Applies one committed entry and writes every row that changed. */
  void apply(Position position, byte[] payload, RowWriter rows);
}
