package io.quorate.chaos.report;

import io.quorate.chaos.history.Op;

/**
 * An invocation with its completion. Times are nanoseconds since the run began.
 *
 * @param line of the invocation in history.jsonl, from 1
 * @param invoked what was asked for
 * @param outcome how it ended
 * @param end when it completed, or the run's end if it never did
 * @param completed whether a completion was written
 * @param error of the completion, empty if there is none
 */
record RunOperation(
    int line, Op invoked, OperationOutcome outcome, long end, boolean completed, String error) {
  String process() {
    return invoked.process();
  }

  String f() {
    return invoked.f();
  }

  long start() {
    return invoked.time();
  }

  long latency() {
    return end - start();
  }
}
