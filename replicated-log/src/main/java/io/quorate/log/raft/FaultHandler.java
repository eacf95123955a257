package io.quorate.log.raft;

/**
 * What happens when this member must not go on: a write of its vote failed, applying failed, its
 * state differs from the leader's, Raft reported an error.
 */
public interface FaultHandler {
  /** The exit status of a process that stopped for a fault. */
  int EXIT_STATUS = 70;

  /** Must not return before nothing of this member answers any more. */
  void fault(String what, Throwable cause);

  /** Says why and ends the process at once: no hook runs that could still write. */
  static FaultHandler haltProcess() {
    return (what, cause) -> {
      System.err.println("FAULT: " + what);
      if (cause != null) {
        cause.printStackTrace();
      }
      System.err.flush();
      Runtime.getRuntime().halt(EXIT_STATUS);
    };
  }
}
