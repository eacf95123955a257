package io.quorate.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** What an id that a client gives may look like (Mesos 2.1, CP-075). */
public final class Identifiers {
  /** NAME_MAX, in bytes of UTF-8: ids become names of directories. */
  public static final int LENGTH_MAX = 255;

  private Identifiers() {}

  /** What is wrong with the id; empty if it is valid. */
  public static Optional<String> validate(String id) {
    if (id.isEmpty()) {
      return Optional.of("ID must not be empty");
    }
    if (id.getBytes(StandardCharsets.UTF_8).length > LENGTH_MAX) {
      return Optional.of("ID must not be greater than " + LENGTH_MAX + " characters");
    }
    if (id.equals(".") || id.equals("..")) {
      return Optional.of("'" + id + "' is disallowed");
    }
    boolean bad = id.chars().anyMatch(c -> c == '/' || c == '\\' || Character.isISOControl(c));
    return bad ? Optional.of("'" + id + "' contains invalid characters") : Optional.empty();
  }
}
