package io.quorate.master.leader;

import java.time.Duration;

/** At most {@code permits} agents become unreachable in any {@code period} (Mesos 4.2; CP-277). */
public record RemovalRate(int permits, Duration period) {}
