package io.quorate.master.leader;

import io.quorate.log.LogStatus;
import io.quorate.master.state.CompletedHistory;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.v1.MasterInfo;

/**
 * A view is one frozen picture for a reader.
 *
 * @param state the committed state
 * @param leading whether this master leads and may take calls
 * @param leader the leader of the current term, or null while none is known; this master itself
 *     when {@code leading}
 * @param electedNanos since when this master leads, since the epoch; 0 if it does not
 * @param self this master
 * @param log how far it has applied
 * @param history the completed tasks
 */
public record MasterView(
    MasterState state,
    boolean leading,
    MasterInfo leader,
    long electedNanos,
    MasterInfo self,
    LogStatus log,
    CompletedHistory history) {

  /** Returns the same view of another state. */
  public MasterView with(MasterState other) {
    return new MasterView(other, leading, leader, electedNanos, self, log, history);
  }
}
