package io.quorate.protocol.process;

import java.io.IOException;

/**
 * Ends a process with its parent: a local cluster's daemons hold the other end of a pipe as their
 * standard input, and it ends when the parent does, however it died.
 */
public final class ParentWatch {
  /** The system property that asks for it. */
  public static final String PROPERTY = "quorate.exit_on_stdin_eof";

  private static final int BUFFER_BYTES = 64;

  private ParentWatch() {}

  /** Starts to watch, if the property says so. */
  public static void startIfAsked() {
    if (!Boolean.getBoolean(PROPERTY)) {
      return;
    }
    Thread watch = new Thread(ParentWatch::untilEnd, "parent-watch");
    watch.setDaemon(true);
    watch.start();
  }

  private static void untilEnd() {
    byte[] buffer = new byte[BUFFER_BYTES];
    try {
      while (System.in.read(buffer) >= 0) {
        continue;
      }
    } catch (IOException e) {
      // A pipe that cannot be read has nobody at its other end.
    }
    System.exit(0);
  }
}
