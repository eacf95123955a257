package io.quorate.master.state;

import io.quorate.protocol.v1.MasterInfo;

/**
 * What there is one of.
 *
 * @param id minted once; the first part of every minted id. Empty before the first leader
 * @param leaderTerm the term of the last elected leader
 * @param leader how to reach it
 * @param timeNanos the time of the last entry, nanoseconds since the epoch; never goes back
 * @param nextFramework the number of the next framework to be minted; likewise the others
 */
public record Cluster(
    String id,
    long leaderTerm,
    MasterInfo leader,
    long timeNanos,
    long nextFramework,
    long nextAgent,
    long nextOffer,
    long nextFilter,
    long nextCompletedFramework) {

  /** Before the first entry. */
  public static final Cluster NONE =
      new Cluster("", 0, MasterInfo.getDefaultInstance(), 0, 0, 0, 0, 0, 0);

  /** The id that the next framework gets (CP-076). */
  public FrameworkId mintFramework() {
    return new FrameworkId(String.format("%s-%04d", id, nextFramework));
  }

  /** The id that the next agent gets (CP-077). */
  public AgentId mintAgent() {
    return new AgentId(id + "-S" + nextAgent);
  }

  /** The id that the next offer gets (CP-078). */
  public OfferId mintOffer() {
    return new OfferId(id + "-O" + nextOffer);
  }

  Cluster led(String clusterId, long term, MasterInfo master) {
    return new Cluster(
        clusterId,
        term,
        master,
        timeNanos,
        nextFramework,
        nextAgent,
        nextOffer,
        nextFilter,
        nextCompletedFramework);
  }

  Cluster at(long time) {
    return new Cluster(
        id,
        leaderTerm,
        leader,
        time,
        nextFramework,
        nextAgent,
        nextOffer,
        nextFilter,
        nextCompletedFramework);
  }

  /** Counts past ids that are in use, whoever chose them: none is ever minted twice (CP-079). */
  Cluster usedFramework(FrameworkId framework) {
    long used = number(framework.value(), "-");
    return used < nextFramework
        ? this
        : new Cluster(
            id,
            leaderTerm,
            leader,
            timeNanos,
            used + 1,
            nextAgent,
            nextOffer,
            nextFilter,
            nextCompletedFramework);
  }

  Cluster usedAgent(AgentId agent) {
    return new Cluster(
        id,
        leaderTerm,
        leader,
        timeNanos,
        nextFramework,
        Math.max(nextAgent, number(agent.value(), "-S") + 1),
        nextOffer,
        nextFilter,
        nextCompletedFramework);
  }

  Cluster usedOffer(OfferId offer) {
    return new Cluster(
        id,
        leaderTerm,
        leader,
        timeNanos,
        nextFramework,
        nextAgent,
        Math.max(nextOffer, number(offer.value(), "-O") + 1),
        nextFilter,
        nextCompletedFramework);
  }

  Cluster usedFilter() {
    return new Cluster(
        id,
        leaderTerm,
        leader,
        timeNanos,
        nextFramework,
        nextAgent,
        nextOffer,
        nextFilter + 1,
        nextCompletedFramework);
  }

  Cluster usedCompletedFramework() {
    return new Cluster(
        id,
        leaderTerm,
        leader,
        timeNanos,
        nextFramework,
        nextAgent,
        nextOffer,
        nextFilter,
        nextCompletedFramework + 1);
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
