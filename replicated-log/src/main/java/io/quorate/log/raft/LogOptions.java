package io.quorate.log.raft;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

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
    FaultHandler faultHandler) {

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
        faults);
  }

  @Override
  public String toString() {
    return "LogOptions(" + member + " of " + members + " in " + directory + ", secret hidden)";
  }
}
