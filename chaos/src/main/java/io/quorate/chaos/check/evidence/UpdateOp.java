package io.quorate.chaos.check.evidence;

import io.quorate.chaos.history.Op;

/** What an {@code update} event told a client of a task. */
public final class UpdateOp {
  private UpdateOp() {}

  public static String state(Op update) {
    return update.value().path("state").asText();
  }

  /** Empty where there is nothing to acknowledge. */
  public static String uuid(Op update) {
    return Uuids.plain(update.value().path("uuid").asText());
  }

  /** The index of the log that it came from; 0 where the client did not note it. */
  public static long index(Op event) {
    return event.value().path("index").longValue();
  }

  static String reason(Op update) {
    return update.value().path("reason").asText();
  }

  public static String source(Op update) {
    return update.value().path("source").asText();
  }

  /** An answer to RECONCILE is no news: it may say again what is long over. */
  public static boolean answersReconcile(Op update) {
    return reason(update).equals("REASON_RECONCILIATION");
  }

  /** News that the task is over for good. */
  public static boolean ends(Op update) {
    return ResourceLedger.TERMINAL.contains(state(update)) && !answersReconcile(update);
  }
}
