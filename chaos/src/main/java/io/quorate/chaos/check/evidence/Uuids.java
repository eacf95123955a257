package io.quorate.chaos.check.evidence;

import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

/** The uuid of an update, which files have in base64, as hex, or as RFC 4122 writes it. */
final class Uuids {
  private static final int BASE64_CHARACTERS = 24;

  private Uuids() {}

  /** One text for one uuid; what is none of these stays as it is. */
  static String plain(String text) {
    if (text.length() == BASE64_CHARACTERS && text.endsWith("==")) {
      try {
        return HexFormat.of().formatHex(Base64.getDecoder().decode(text));
      } catch (IllegalArgumentException e) {
        return text;
      }
    }
    boolean dashed = text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");
    return dashed ? text.replace("-", "").toLowerCase(Locale.ROOT) : text;
  }
}
