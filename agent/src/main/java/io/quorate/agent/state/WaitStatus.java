package io.quorate.agent.state;

import java.util.Optional;

/**
 * How a process ended, as wait(2) tells it: only that tells an exit status above 128 from a signal
 * (CP-321).
 *
 * @param raw the status as wait(2) gives it
 * @param limit whether it was ended for its max_completion_time
 */
public record WaitStatus(int raw, boolean limit) {
  private static final int SIGNAL_BASE = 128;
  private static final int SIGNAL_MASK = 0x7f;
  private static final int BYTE_MASK = 0xff;
  private static final int KILL = 9;

  /** It exited by itself. */
  public static WaitStatus exited(int code) {
    return new WaitStatus((code & BYTE_MASK) << Byte.SIZE, false);
  }

  /** A signal ended it. */
  public static WaitStatus signalled(int signal) {
    return new WaitStatus(signal & SIGNAL_MASK, false);
  }

  /** As a shell tells it, which is what release 0.1 wrote down. */
  public static WaitStatus ofShell(int code) {
    return code > SIGNAL_BASE ? signalled(code - SIGNAL_BASE) : exited(code);
  }

  /** Reads what a supervisor wrote: a number, and "limit" behind it if that is so. */
  public static Optional<WaitStatus> parse(String text) {
    String[] words = text.split(" +");
    try {
      return Optional.of(
          new WaitStatus(Integer.parseInt(words[0]), words.length > 1 && words[1].equals("limit")));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** Says whether it exited by itself with 0. */
  public boolean success() {
    return raw == 0;
  }

  /** Says whether it was SIGKILL that ended it. */
  public boolean killed() {
    return signal() == KILL;
  }

  /** Returns the number of the signal that ended it; 0 for none. */
  public int signal() {
    return raw & SIGNAL_MASK;
  }

  /**
   * Returns how it reads (Mesos 4.6).
   *
   * @param what ended: a command, or a container
   */
  public String message(String what) {
    return signal() == 0
        ? what + " exited with status " + (raw >> Byte.SIZE & BYTE_MASK)
        : what + " terminated with signal " + signal();
  }
}
