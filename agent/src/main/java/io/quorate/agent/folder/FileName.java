package io.quorate.agent.folder;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Names of files are bytes. Java's own conversion depends on the locale and loses those that it
 * does not know; this one does neither.
 */
final class FileName {
  private static final int HEX = 16;
  private static final int ESCAPE_CHARS = 3;

  private FileName() {}

  /** The bytes of a path, or of a name, that the system told. */
  static byte[] bytes(Path path) {
    Path whole = path.isAbsolute() ? path : Path.of("/").resolve(path);
    String escaped = whole.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int at = path.isAbsolute() ? 0 : 1; at < escaped.length(); at++) {
      char character = escaped.charAt(at);
      if (character == '%') {
        bytes.write(Integer.parseInt(escaped, at + 1, at + ESCAPE_CHARS, HEX));
        at += ESCAPE_CHARS - 1;
      } else {
        bytes.write(character);
      }
    }
    byte[] all = bytes.toByteArray();
    // A URI of a folder has a slash at its end.
    boolean slash = all.length > 1 && all[all.length - 1] == '/';
    return slash ? Arrays.copyOf(all, all.length - 1) : all;
  }

  /** The name as text, for people. */
  static String text(Path name) {
    return new String(bytes(name), StandardCharsets.UTF_8);
  }

  /**
   * The bytes of one name that somebody else chose.
   *
   * @throws NoSuchFileException if it is none: empty, of dots alone, or with a slash or a NUL
   */
  static byte[] one(String name) throws NoSuchFileException {
    boolean none =
        name.isEmpty()
            || name.equals(".")
            || name.equals("..")
            || name.indexOf('/') >= 0
            || name.indexOf('\0') >= 0;
    if (none) {
      throw new NoSuchFileException(name);
    }
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** A path below another, from text, whatever the locale says of its characters. */
  static Path child(Path folder, byte[] name) {
    StringBuilder escaped = new StringBuilder(folder.toUri().getRawPath());
    if (escaped.charAt(escaped.length() - 1) != '/') {
      escaped.append('/');
    }
    for (byte one : name) {
      escaped.append(String.format("%%%02X", one));
    }
    return Path.of(URI.create("file://" + escaped));
  }
}
