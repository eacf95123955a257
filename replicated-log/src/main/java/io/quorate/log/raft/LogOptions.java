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
 * @param members the first members of the quorum; only of interest while the log is empty
 * @param secret the cluster's secret
 * @param tables the names of the state machine's tables
 * @param electionTimeout how long silence of the leader is borne
 * @param snapshotInterval between two snapshots
 * @param digestInterval entries between two comparisons of the replicas
 * @param entryBytesMax the largest entry
 * @param inFlightMax entries appended and not yet committed
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
    int digestInterval,
    int entryBytesMax,
    int inFlightMax,
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
        1000,
        32 << 20,
        256,
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
        digestEvery,
        entryBytesMax,
        inFlightMax,
        journal,
        faults);
  }

  @Override
  public String toString() {
    return "LogOptions(" + member + " of " + members + " in " + directory + ", secret hidden)";
  }
}
