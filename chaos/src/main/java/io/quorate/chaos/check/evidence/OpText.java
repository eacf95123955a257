package io.quorate.chaos.check.evidence;

import io.quorate.chaos.history.Op;
import java.util.Locale;

/** How operations are named to people. */
public final class OpText {
  private static final int VALUE_CHARACTERS_MAX = 160;

  private OpText() {}

  public static String of(Op op) {
    String value = op.value().isNull() ? "" : " " + op.value();
    String id = op.id() == 0 ? "" : " #" + op.id();
    return at(op.time())
        + " "
        + op.process()
        + " "
        + op.type().name().toLowerCase(Locale.ROOT)
        + id
        + " "
        + op.f()
        + (op.key().isEmpty() ? "" : " " + op.key())
        + cut(value)
        + (op.error().isEmpty() ? "" : " (" + op.error() + ")");
  }

  public static String of(LoggedEvent event) {
    return "index " + event.index() + " " + event.kind() + " " + cut(event.event().toString());
  }

  public static String at(long nanos) {
    return String.format(Locale.ROOT, "%.6f s", nanos / 1e9);
  }

  private static String cut(String text) {
    return text.length() <= VALUE_CHARACTERS_MAX
        ? text
        : text.substring(0, VALUE_CHARACTERS_MAX) + "...";
  }
}
