package io.quorate.chaos.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The text files of this package: a record a line, its parts between bars, # for a comment. */
final class Lines {
  private Lines() {}

  /** The lines that say something, in order. */
  static List<String> of(String file) {
    try (InputStream in = Lines.class.getResourceAsStream("/conformance/" + file)) {
      if (in == null) {
        throw new IllegalStateException("no test resource conformance/" + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank() && !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The parts of a line, which must be this many. */
  static List<String> parts(String line, int count) {
    List<String> parts = List.of(line.split(" \\| ", count));
    if (parts.size() != count) {
      throw new IllegalArgumentException("expected " + count + " parts in: " + line);
    }
    return parts.stream().map(String::strip).toList();
  }
}
