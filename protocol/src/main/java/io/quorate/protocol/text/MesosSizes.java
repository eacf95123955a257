package io.quorate.protocol.text;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads sizes as Mesos writes them in flags: a whole number and one of {@code B}, {@code KB},
 * {@code MB}, {@code GB}, {@code TB}, each 1,024 times the one before.
 */
public final class MesosSizes {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,18})([KMGT]?B)");
  private static final Map<String, Long> BYTES =
      Map.of("B", 1L, "KB", 1L << 10, "MB", 1L << 20, "GB", 1L << 30, "TB", 1L << 40);

  private MesosSizes() {}

  /**
   * Reads a size, in bytes.
   *
   * @throws IllegalArgumentException if the text is not a size, or one of more than 2^63 - 1 bytes;
   *     the message says what is expected
   */
  public static long parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "'"
              + text
              + "' is not a size: expected a whole number and one of B KB MB GB TB, such as 2GB");
    }
    try {
      return Math.multiplyExact(Long.parseLong(form.group(1)), BYTES.get(form.group(2)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException("'" + text + "' is more than 2^63 - 1 bytes", e);
    }
  }
}
