package io.quorate.chaos.workload;

/** So many a second; what was not used is saved up for a second. */
final class Rate {
  private final double perSecond;
  private double saved;
  private long lastNanos;

  Rate(double perSecond, long nowNanos) {
    this.perSecond = perSecond;
    this.lastNanos = nowNanos;
  }

  /** Takes up to so many of what is due by now. */
  synchronized int take(int atMost, long nowNanos) {
    saved = Math.min(Math.max(1, perSecond), saved + (nowNanos - lastNanos) / 1e9 * perSecond);
    lastNanos = nowNanos;
    int taken = Math.min(atMost, (int) saved);
    saved -= taken;
    return taken;
  }

  /** Gives back what could not be used. */
  synchronized void giveBack(int count) {
    saved += count;
  }
}
