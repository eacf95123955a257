package io.quorate.chaos.simulate.bug;

/** Wrong turns that the simulated parts take where a injected bug says so. */
public enum BugSwitch {
  // The log.
  VOTE_IS_NOT_SAVED,
  VOTES_TWICE,
  STALE_LOG_GETS_VOTES,
  TORN_TAIL_IS_TAKEN,
  ACKNOWLEDGED_BEFORE_SYNC,
  LEADER_COUNTS_UNSYNCED,
  COMMITS_WITHOUT_MAJORITY,
  OLD_TERMS_BY_COUNTING,
  /** Entries behind those of a message go, though they do not contradict it. */
  CUTS_WHAT_FOLLOWS,
  SNAPSHOT_LACKS_THE_LAST,
  RESTORED_AT_WRONG_INDEX,
  DIGEST_SKIPS_A_TABLE,
  LOST_DISK_COMES_BACK,
  /** The core hears of its lead before all that was committed is applied. */
  LEADS_TOO_SOON,
  READS_WITHOUT_ASKING,
  /** A deposed leader is told that its appends were committed. */
  BELIEVES_ITSELF,

  // The faces.
  /** Updates are passed on before they are committed. */
  FORWARDS_EARLY,
  /** Who resumes is not told what other calls of its subscription's entry caused. */
  RESUMES_SHORT,

  // The frameworks' driver.
  /** An entry counts as handled with the first of its events. */
  DRIVER_COUNTS_EARLY,
  /** Every subscription is made as if it were the first. */
  DRIVER_FORGETS_ITS_ID,

  // The agents.
  /** The journal says that it is synced when it is not. */
  AGENT_ACTS_BEFORE_SYNC,
  /** To the link's core, silence is a sign of life. */
  AGENT_STAYS_ON_A_DEAD_LINK,
  /** The link confirms commands as they come. */
  AGENT_CONFIRMS_BEFORE_SYNC,
  /** The link hands a launch over again, under the next number. */
  AGENT_REPEATS_COMMANDS,
  /** The last update in the journal is lost at a restart. */
  AGENT_FORGETS_AN_UPDATE,
  /** To a restarted agent no process was ever started, and it may be started again. */
  AGENT_LAUNCHES_AGAIN,
  /** The exit status of what ends while the agent is down is lost. */
  AGENT_LOSES_ENDS,
  /** The source of ids gives every one twice. */
  AGENT_REUSES_UUIDS
}
