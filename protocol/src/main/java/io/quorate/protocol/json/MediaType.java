package io.quorate.protocol.json;

import com.google.protobuf.Message;
import java.util.Locale;
import java.util.Optional;

/** The two types of the v1 API, and how they are negotiated (Mesos 1.2). */
public enum MediaType {
  JSON("application/json"),
  PROTOBUF("application/x-protobuf");

  private final String text;

  MediaType(String text) {
    this.text = text;
  }

  /** Returns the value of the header, such as {@code application/json}. */
  public String text() {
    return text;
  }

  /** Returns a message in this form. */
  public byte[] encode(Message message) {
    return this == JSON ? ProtoJson.printBytes(message) : message.toByteArray();
  }

  /** Of a Content-Type; parameters are let pass (CP-015). */
  public static Optional<MediaType> ofContentType(String header) {
    String type = header.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    for (MediaType known : values()) {
      if (known.text.equals(type)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  /** JSON is tried first; a missing header accepts all (CP-016 to CP-018). */
  public static Optional<MediaType> accepted(String header) {
    if (header == null || header.isBlank()) {
      return Optional.of(JSON);
    }
    for (MediaType known : values()) {
      if (accepts(header, known.text)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  private static boolean accepts(String header, String type) {
    for (String range : header.split(",")) {
      String[] parts = range.strip().toLowerCase(Locale.ROOT).split(";");
      String pattern = parts[0].strip();
      boolean matches =
          pattern.equals("*/*") || pattern.equals("application/*") || pattern.equals(type);
      boolean refused = false;
      for (int i = 1; i < parts.length; i++) {
        refused |= parts[i].strip().matches("q=0(\\.0+)?");
      }
      if (matches && !refused) {
        return true;
      }
    }
    return false;
  }
}
