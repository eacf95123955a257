package io.quorate.master;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The value of a flag that is JSON: itself, or the file that it names (CP-464). */
final class JsonFlag {
  private static final int BYTES_MAX = 4 << 20;
  private static final String SCHEME = "file://";

  private JsonFlag() {}

  /** A path, with or without {@code file://} before it. */
  static Path path(String value) {
    return Path.of(value.startsWith(SCHEME) ? value.substring(SCHEME.length()) : value);
  }

  /**
   * The text.
   *
   * @throws IOException if there is no such file, or it is too large; names flag and file
   */
  static byte[] read(String flag, String value) throws IOException {
    if (value.stripLeading().startsWith("{")) {
      return value.getBytes(StandardCharsets.UTF_8);
    }
    Path file = path(value);
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException(flag + " is neither JSON nor a file that can be read: " + value);
    }
    if (Files.size(file) > BYTES_MAX) {
      throw new IOException(flag + ": " + file + " has more than " + BYTES_MAX + " bytes");
    }
    return Files.readAllBytes(file);
  }
}
