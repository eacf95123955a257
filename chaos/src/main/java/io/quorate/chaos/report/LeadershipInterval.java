package io.quorate.chaos.report;

/**
 * A stretch in which a master's samples all said the same. Nanoseconds since the run began.
 *
 * @param term 0 if it said nothing
 */
record LeadershipInterval(String master, long from, long to, State state, long term) {

  /** What a sample says of a master. */
  enum State {
    /** No process. */
    DOWN("down"),
    /** A process that gave no answer. */
    SILENT("no answer"),
    FOLLOWING("following"),
    LEADING("leading");

    private final String word;

    State(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }
}
