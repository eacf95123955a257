package io.quorate.agent.supervise;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** Sends signals by the C library, without a process for it. Any thread may call it. */
public final class Signals {
  /** It ends at once. */
  public static final int KILL = 9;

  /** A supervisor ends its task and all that it started by SIGKILL. */
  public static final int USR1 = 10;

  /** It is asked to end; a supervisor passes it on. */
  public static final int TERM = 15;

  private static final CLibrary C = Native.load("c", CLibrary.class);

  private Signals() {}

  /** What is used of the C library. */
  interface CLibrary extends Library {
    /** Sends a signal; returns 0, or -1 if there is nobody who may get it (POSIX.1). */
    int kill(int pid, int signal);
  }

  /**
   * Sends a signal to a process, or to a process group if the number is negative. That nobody is
   * there is no error.
   */
  public static void send(long pid, int signal) {
    // 0, -1 and what does not fit would be others than those that are meant.
    if ((pid > 1 && pid <= Integer.MAX_VALUE) || (pid < -1 && pid >= -Integer.MAX_VALUE)) {
      C.kill((int) pid, signal);
    }
  }
}
