package io.quorate.agent.task;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;

/**
 * Names of files for ids that a framework chose. An id is its own name, as in Mesos, where the file
 * system and this Java can write it; else the name is made from its hash, so that no id, whatever
 * the locale, makes a path that does not exist, is too long or is another's. No two ids have the
 * same name.
 */
final class FileNames {
  /** NAME_MAX of the file systems of Linux. */
  private static final int BYTES_MAX = 255;

  /** What names that are not the id itself begin with; ids that do are not their own names. */
  private static final String MARK = "%";

  private static final int READABLE_MAX = 100;
  private static final Set<String> RESERVED = Set.of("", ".", "..");

  /** How this Java writes names of files; the launcher sees to it that it is UTF-8. */
  private static final Charset ENCODING =
      Charset.forName(System.getProperty("sun.jnu.encoding", "UTF-8"));

  private FileNames() {}

  static String of(String id) {
    return of(id, ENCODING);
  }

  /** The same for another encoding of names. */
  static String of(String id, Charset encoding) {
    boolean writable =
        id.indexOf('/') < 0
            && id.indexOf('\0') < 0
            && encoding.newEncoder().canEncode(id)
            && id.getBytes(encoding).length <= BYTES_MAX;
    if (writable && !RESERVED.contains(id) && !id.startsWith(MARK)) {
      return id;
    }
    String readable = id.replaceAll("[^A-Za-z0-9._-]", "_");
    return MARK + readable.substring(0, Math.min(readable.length(), READABLE_MAX)) + "-" + hash(id);
  }

  /** Of the code units: an id may be a text that is no well-formed Unicode. */
  private static String hash(String id) {
    StringBuilder units = new StringBuilder();
    id.chars().forEach(unit -> units.append(Integer.toHexString(unit)).append(' '));
    try {
      byte[] bytes = units.toString().getBytes(StandardCharsets.US_ASCII);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
