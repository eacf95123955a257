package io.quorate.protocol.text;

import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** Says what failed, for a message to a person; it is never empty and never {@code null}. */
public final class Failures {
  private Failures() {}

  /**
   * The failure's own message; where it has none, its kind, such as {@code ClosedChannelException}.
   * What only carries a failure from another thread is looked through.
   */
  public static String describe(Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message = cause.getMessage();
    if (message != null && !message.isBlank()) {
      return message;
    }
    String kind = cause.getClass().getSimpleName();
    return cause.getCause() == null ? kind : kind + ": " + describe(cause.getCause());
  }
}
