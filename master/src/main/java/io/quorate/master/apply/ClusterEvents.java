package io.quorate.master.apply;

import io.quorate.master.event.LeaderElected;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Framework;

/** Applies what concerns all. */
final class ClusterEvents {
  private ClusterEvents() {}

  /**
   * A new leader has no streams yet: frameworks that were connected are awaited. Their offers and
   * filters stay, and so do agents' links, which the agents replace on their own.
   */
  static MasterState apply(MasterState state, LeaderElected event) {
    if (!event.hasMasterInfo() || event.getTerm() == 0) {
      return state;
    }
    MasterState next = state.led(event.getClusterId(), event.getTerm(), event.getMasterInfo());
    for (Framework framework : state.frameworks().values()) {
      if (framework.connected()) {
        long own = state.cluster().timeNanos() + framework.failoverTimeoutNanos();
        // The sum overflows for a time-out of centuries: then it never ends.
        long deadline =
            own < 0 ? Long.MAX_VALUE : Math.max(own, event.getFrameworksDeadlineNanos());
        next = next.disconnected(framework.id(), deadline, true);
      }
    }
    return next;
  }
}
