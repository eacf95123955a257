package io.quorate.chaos.simulate;

/** Wrong turns that the simulated parts take where a planted bug says so. */
enum Flaw {
  /** A member forgets for whom it voted when it restarts. */
  VOTE_IS_NOT_SAVED,
  VOTES_TWICE,
  STALE_LOG_GETS_VOTES,
  /** A torn entry at the end of the log is taken as a whole one. */
  TORN_TAIL_IS_TAKEN,
  ACKNOWLEDGED_BEFORE_SYNC,
  LEADER_COUNTS_UNSYNCED,
  COMMITS_WITHOUT_MAJORITY,
  OLD_TERMS_BY_COUNTING,
  LEADS_WITHOUT_MAJORITY,
  /** A deposed leader is told that its appends were committed. */
  BELIEVES_ITSELF,
  /** Updates are passed on before they are committed. */
  FORWARDS_EARLY
}
