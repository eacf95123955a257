package io.quorate.master.state.entity;

import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.master.state.id.OperationKey;
import io.quorate.protocol.v1.MasterInfo;

/**
 * What there is one of.
 *
 * @param id minted once; the first part of every minted id. Empty before the first leader
 * @param leaderTerm the term of the last elected leader
 * @param leader how to reach it
 * @param timeNanos the time of the last entry, nanoseconds since the epoch; never goes back
 * @param next the numbers of the ids to be minted
 */
public record Cluster(
    String id, long leaderTerm, MasterInfo leader, long timeNanos, Counters next) {

  /** Before the first entry. */
  public static final Cluster NONE =
      new Cluster("", 0, MasterInfo.getDefaultInstance(), 0, Counters.ZERO);

  /** The id that the next framework gets (CP-076). */
  public FrameworkId mintFramework() {
    return new FrameworkId(String.format("%s-%04d", id, next.framework()));
  }

  /** The id that the next agent gets (CP-077). */
  public AgentId mintAgent() {
    return new AgentId(id + "-S" + next.agent());
  }

  /** The id that the next offer or inverse offer gets (CP-078). */
  public OfferId mintOffer() {
    return new OfferId(id + "-O" + next.offer());
  }

  /** The uuid that the next operation gets. */
  public OperationKey mintOperation() {
    return OperationKey.minted(id, next.operation());
  }

  public long nextFilter() {
    return next.filter();
  }

  public long nextCompletedFramework() {
    return next.completedFramework();
  }

  public Cluster led(String clusterId, long term, MasterInfo master) {
    return new Cluster(clusterId, term, master, timeNanos, next);
  }

  public Cluster at(long time) {
    return new Cluster(id, leaderTerm, leader, time, next);
  }

  /** Counts past ids that are in use, whoever chose them: none is ever minted twice (CP-079). */
  public Cluster usedFramework(FrameworkId framework) {
    long used = number(framework.value(), "-");
    return used < next.framework() ? this : with(next.framework(used + 1));
  }

  public Cluster usedAgent(AgentId agent) {
    return with(next.agent(Math.max(next.agent(), number(agent.value(), "-S") + 1)));
  }

  public Cluster usedOffer(OfferId offer) {
    return with(next.offer(Math.max(next.offer(), number(offer.value(), "-O") + 1)));
  }

  public Cluster usedFilter() {
    return with(next.filter(next.filter() + 1));
  }

  public Cluster usedCompletedFramework() {
    return with(next.completedFramework(next.completedFramework() + 1));
  }

  public Cluster usedOperation() {
    return with(next.operation(next.operation() + 1));
  }

  public Cluster usedAccept() {
    return with(next.accept(next.accept() + 1));
  }

  private Cluster with(Counters counters) {
    return new Cluster(id, leaderTerm, leader, timeNanos, counters);
  }

  /** The number in an id of this cluster, or -1 where it is not of the minted form. */
  private long number(String value, String separator) {
    String prefix = id + separator;
    if (!value.startsWith(prefix)) {
      return -1;
    }
    String digits = value.substring(prefix.length());
    boolean minted =
        !digits.isEmpty()
            && digits.length() <= 18
            && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    return minted ? Long.parseLong(digits) : -1;
  }
}
