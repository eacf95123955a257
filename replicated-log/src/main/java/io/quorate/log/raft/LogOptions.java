package io.quorate.log.raft;

import io.quorate.log.journal.Journal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import net.openhft.chronicle.queue.RollCycles;

/**
 * How a member of the log is opened.
 *
 * @param directory its data; belongs to this member alone
 * @param member {@code host:port} of its Raft port: the address that it binds and is known by
 * @param members the first members of the quorum; only of interest while the log is empty. None for
 *     a member that is added to a quorum that exists
 * @param secret the cluster's secret
 * @param tables the names of the state machine's tables
 * @param electionTimeout how long silence of the leader is borne
 * @param snapshotInterval between two snapshots
 * @param snapshotEntries entries after which a snapshot is taken before the interval is over
 * @param digestInterval entries between two comparisons of the replicas
 * @param entryBytesMax the largest entry
 * @param inFlightMax entries appended and not yet answered
 * @param inFlightBytesMax bytes of those
 * @param journal how much history is kept beside the log
 * @param faultHandler what ends this member
 */
public record LogOptions(
    Path directory,
    String member,
    List<String> members,
    byte[] secret,
    List<String> tables,
    Duration electionTimeout,
    Duration snapshotInterval,
    long snapshotEntries,
    int digestInterval,
    int entryBytesMax,
    int inFlightMax,
    long inFlightBytesMax,
    Journal.Retention journal,
    FaultHandler faultHandler) {

  /** Seven days or 8 GiB of history, in files of an hour. */
  private static final Journal.Retention USUAL_HISTORY =
      new Journal.Retention(Duration.ofDays(7), 8L << 30, RollCycles.FAST_HOURLY);

  public LogOptions {
    members = List.copyOf(members);
    tables = List.copyOf(tables);
  }

  /** With the usual periods and bounds. */
  public static LogOptions of(
      Path directory, String member, List<String> members, byte[] secret, List<String> tables) {
    return new LogOptions(
        directory,
        member,
        members,
        secret,
        tables,
        Duration.ofMillis(1000),
        Duration.ofMinutes(10),
        500_000,
        1000,
        32 << 20,
        256,
        128L << 20,
        USUAL_HISTORY,
        FaultHandler.haltProcess());
  }

  /** With other times, for tests. */
  public LogOptions with(Duration election, int digestEvery, FaultHandler faults) {
    return new LogOptions(
        directory,
        member,
        members,
        secret,
        tables,
        election,
        snapshotInterval,
        snapshotEntries,
        digestEvery,
        entryBytesMax,
        inFlightMax,
        inFlightBytesMax,
        journal,
        faults);
  }

  /** With other bounds, for tests. */
  LogOptions bounded(int entriesInFlight, long bytesInFlight, long entriesToSnapshot) {
    return new LogOptions(
        directory,
        member,
        members,
        secret,
        tables,
        electionTimeout,
        snapshotInterval,
        entriesToSnapshot,
        digestInterval,
        entryBytesMax,
        entriesInFlight,
        bytesInFlight,
        journal,
        faultHandler);
  }

  /** Without first members: for one that is added to a quorum that exists. */
  public LogOptions joining() {
    return first(List.of());
  }

  /** With other first members. */
  LogOptions first(List<String> others) {
    return new LogOptions(
        directory,
        member,
        others,
        secret,
        tables,
        electionTimeout,
        snapshotInterval,
        snapshotEntries,
        digestInterval,
        entryBytesMax,
        inFlightMax,
        inFlightBytesMax,
        journal,
        faultHandler);
  }

  @Override
  public String toString() {
    return "LogOptions(" + member + " of " + members + " in " + directory + ", secret hidden)";
  }
}
