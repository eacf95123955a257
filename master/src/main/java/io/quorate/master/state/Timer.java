package io.quorate.master.state;

import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FilterKey;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import java.util.Comparator;

/**
 * A deadline in the state. The leader's clock only turns a due one into a call.
 *
 * @param deadlineNanos nanoseconds since the epoch
 * @param subject what is due: a framework to remove, an offer to rescind, a filter to drop, an
 *     unreachable or gone agent to forget
 */
public record Timer(long deadlineNanos, Subject subject, String name, FilterKey filter)
    implements Comparable<Timer> {
  /** Kinds of timers. */
  public enum Subject {
    FRAMEWORK,
    OFFER,
    FILTER,
    UNREACHABLE_AGENT,
    GONE_AGENT
  }

  private static final Comparator<Timer> ORDER =
      Comparator.comparingLong(Timer::deadlineNanos)
          .thenComparing(Timer::subject)
          .thenComparing(Timer::name)
          .thenComparing(Timer::filter, Comparator.nullsFirst(Comparator.naturalOrder()));

  static Timer framework(FrameworkId id, long deadlineNanos) {
    return new Timer(deadlineNanos, Subject.FRAMEWORK, id.value(), null);
  }

  static Timer offer(OfferId id, long deadlineNanos) {
    return new Timer(deadlineNanos, Subject.OFFER, id.value(), null);
  }

  static Timer filter(FilterKey key, long deadlineNanos) {
    return new Timer(deadlineNanos, Subject.FILTER, key.framework().value(), key);
  }

  static Timer unreachable(AgentId id, long deadlineNanos) {
    return new Timer(deadlineNanos, Subject.UNREACHABLE_AGENT, id.value(), null);
  }

  static Timer gone(AgentId id, long deadlineNanos) {
    return new Timer(deadlineNanos, Subject.GONE_AGENT, id.value(), null);
  }

  @Override
  public int compareTo(Timer other) {
    return ORDER.compare(this, other);
  }
}
