package io.quorate.driver.search;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Whom to ask next, what the answer to a subscription means for that, and when a connection counts
 * as dead. It knows addresses and times, and nothing of messages.
 */
public final class LeaderSearch {
  private static final int HEARTBEATS_MISSED_MAX = 5;
  private static final double DOUBT_AFTER_HEARTBEATS = 1.2;
  private static final int REDIRECTS_AT_ONCE_MAX = 10;
  private static final double NANOS_A_SECOND = 1e9;
  private static final long NANOS_A_MILLI = 1_000_000;

  /**
   * A fail-over takes a third of a second or so, and a pause that had doubled by then would be as
   * long again; so the pauses of about the first second stay short.
   */
  private static final long EAGER_FIRST_MILLIS = 20;

  private static final long EAGER_LONGEST_MILLIS = 50;
  private static final int EAGER_ATTEMPTS = 30;
  private static final long PATIENT_FIRST_MILLIS = 100;
  private static final long PATIENT_LONGEST_MILLIS = 2_000;

  private final List<String> masters;
  private final LongSupplier chance;
  private long presentMillis = EAGER_FIRST_MILLIS;
  private long longestMillis = EAGER_LONGEST_MILLIS;

  /** Attempts that failed since the framework was subscribed last. */
  private int failed;

  private Optional<String> leader = Optional.empty();

  /** Whom the present attempt, or the open stream, is with; empty between two of them. */
  private Optional<String> asked = Optional.empty();

  /** Who leads instead of the one whose stream is to be left; for the next attempt. */
  private Optional<String> successor = Optional.empty();

  private int nextMaster;
  private int redirects;
  private long heardNanos;
  private double heartbeatSeconds = 15;
  private long pauseMillis;

  /** What the answer to an attempt means. */
  public enum Next {
    /** The stream is open, and what comes on it is to be read. */
    READ,
    /** The next attempt is due after {@link #pauseMillis}. */
    ASK,
    /** The master understood, and says no. */
    REFUSED
  }

  /**
   * Begins with nobody asked.
   *
   * @param masters {@code host:port}, at least one
   * @param chance any numbers, for the length of pauses
   */
  public LeaderSearch(Collection<String> masters, LongSupplier chance) {
    if (masters.isEmpty()) {
      throw new IllegalArgumentException("masters: at least one host:port is needed");
    }
    this.masters = new ArrayList<>(masters);
    this.chance = chance;
  }

  /** Whom the next attempt is to be made with: to whom a redirect led, or one after the other. */
  public String attempt(long nowNanos) {
    String master = leader.isPresent() ? leader.get() : successor.orElseGet(this::nextMaster);
    successor = Optional.empty();
    asked = Optional.of(master);
    heardNanos = nowNanos;
    return master;
  }

  private String nextMaster() {
    return masters.get(nextMaster++ % masters.size());
  }

  /**
   * What the answer to the attempt means.
   *
   * @param location the header of that name, or an empty text
   */
  public Next answered(int status, String location, long nowNanos) {
    switch (status) {
      case 200:
        redirects = 0;
        leader = asked;
        heardNanos = nowNanos;
        return Next.READ;
      case 307:
        return redirected(location);
      case 404:
      case 429:
      case 503:
        // No leader, not ready, or over a rate limit: nothing that is wrong with the framework.
        return later();
      default:
        later();
        return Next.REFUSED;
    }
  }

  /** At once, unless masters send it round in circles. */
  private Next redirected(String location) {
    String target = target(location);
    if (target.isEmpty() || ++redirects > REDIRECTS_AT_ONCE_MAX) {
      return later();
    }
    asked = Optional.empty();
    leader = Optional.of(target);
    pauseMillis = 0;
    return Next.ASK;
  }

  /** The {@code host:port} in an address; empty if there is none. */
  public static String target(String location) {
    String rest = location.replaceFirst("^(https?:)?//", "");
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  /** The connection of the attempt, or of the open stream, came to its end. */
  public Next later() {
    redirects = 0;
    asked = Optional.empty();
    leader = Optional.empty();
    pauseMillis = jittered(presentMillis, chance.getAsLong());
    if (++failed == EAGER_ATTEMPTS) {
      presentMillis = PATIENT_FIRST_MILLIS;
      longestMillis = PATIENT_LONGEST_MILLIS;
    } else {
      presentMillis = Math.min(presentMillis * 2, longestMillis);
    }
    return Next.ASK;
  }

  /** Between half of a pause and all of it, so that clients do not come back in step. */
  private static long jittered(long millis, long chance) {
    long nanos = millis * NANOS_A_MILLI;
    long half = nanos / 2;
    return (half + Math.floorMod(chance, nanos - half + 1)) / NANOS_A_MILLI;
  }

  /** How long the pause before the next attempt is. */
  public long pauseMillis() {
    return pauseMillis;
  }

  /** The framework is subscribed; from here on pauses are short again. */
  public void subscribed(double heartbeatSeconds) {
    this.heartbeatSeconds = heartbeatSeconds;
    presentMillis = EAGER_FIRST_MILLIS;
    longestMillis = EAGER_LONGEST_MILLIS;
    failed = 0;
  }

  /** Whom the present attempt, or the open stream, is with. */
  public Optional<String> asked() {
    return asked;
  }

  /** Something came on the connection. */
  public void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  /**
   * Whether the connection counts as dead and is to be closed: five heartbeats were missed (Mesos
   * 1.4), or what would have been their time passed without an answer.
   */
  public boolean silent(long nowNanos) {
    return asked.isPresent()
        && (nowNanos - heardNanos) / NANOS_A_SECOND > HEARTBEATS_MISSED_MAX * heartbeatSeconds;
  }

  /**
   * Whom to ask who leads, by a GET of {@code /redirect}: a heartbeat is late, and a leader that
   * was cut off, or lost its power, does not say so. Empty while there is no reason to.
   */
  public Optional<String> doubts(long nowNanos) {
    boolean late =
        asked.isPresent()
            && (nowNanos - heardNanos) / NANOS_A_SECOND > DOUBT_AFTER_HEARTBEATS * heartbeatSeconds;
    if (!late) {
      return Optional.empty();
    }
    String other = nextMaster();
    return Optional.of(other.equals(asked.get()) ? nextMaster() : other)
        .filter(master -> !master.equals(asked.get()));
  }

  /**
   * Whether the connection is to be closed: the one who was asked names another leader.
   *
   * @param location the header of the answer
   */
  public boolean deposed(String location) {
    String leads = target(location);
    if (leads.isEmpty() || !asked.isPresent() || leads.equals(asked.get())) {
      return false;
    }
    successor = Optional.of(leads);
    return true;
  }
}
