package io.quorate.master.decide.accept;

import io.quorate.protocol.resources.Resources;

/**
 * What the operations of one ACCEPT work on: the sum of its offers, changed by each in turn (Mesos
 * 3.3). Lives within one decision.
 */
public final class Basket {
  private Resources available;
  private Resources produced = Resources.EMPTY;

  public Basket(Resources offered) {
    this.available = offered;
  }

  public Resources available() {
    return available;
  }

  /** Used by a task or executor; shared volumes may be used again (CP-224). */
  public void take(Resources used) {
    available = available.minusPresent(used.filter(resource -> !resource.hasShared()));
  }

  /** Changed at once: later operations may use the result. */
  public void convert(Resources consumed, Resources converted) {
    available = available.minusPresent(consumed).plus(converted);
    produced = produced.plus(converted);
  }

  /** What no operation touched; the rest of what is left is free without a filter (CP-144). */
  public Resources declined() {
    return available.unlike(produced);
  }
}
