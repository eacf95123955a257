package io.quorate.agent.check;

import java.util.OptionalInt;
import java.util.function.Consumer;

/** A way to look at a task: by a command, by HTTP or by TCP. */
public interface Probe {
  /**
   * This is what a probe found.
   *
   * @param value exit code, HTTP status, or 1 for a connection; empty where none came in time
   */
  record Result(OptionalInt value, String why) {
    public static Result of(int value, String why) {
      return new Result(OptionalInt.of(value), why);
    }

    public static Result none(String why) {
      return new Result(OptionalInt.empty(), why);
    }
  }

  /** Looks at the task; the result is handed over once, on any thread. */
  void look(Consumer<Result> then);
}
