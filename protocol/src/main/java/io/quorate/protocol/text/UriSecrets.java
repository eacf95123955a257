package io.quorate.protocol.text;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps what URIs hold of secrets out of messages: the user's part before {@code @}, the query, the
 * fragment, and all of a {@code data:} URI. Whoever writes a URI into a message, a status or the
 * log writes it as {@link #shown} says, and words of others about it as {@link #cleared} says.
 */
public final class UriSecrets {
  private static final Pattern PARTS =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*:)(?<slashes>/{2,})(?:(?<user>[^/]*)@)?"
              + "(?<rest>[^?#]*)(?<tail>.*)",
          Pattern.DOTALL);

  /** Within other words a URI ends at a blank or a quote. */
  private static final Pattern WITHIN =
      Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/{2,}[^\\s'\"<>]+");

  private static final int SECRET_CHARS_MIN = 3;

  private UriSecrets() {}

  /** The URI as it may be shown: {@code https://host/path}. */
  public static String shown(String uri) {
    if (uri.regionMatches(true, 0, "data:", 0, "data:".length())) {
      return "data:...";
    }
    Matcher parts = PARTS.matcher(uri);
    if (!parts.matches()) {
      return uri.startsWith("/") ? printable(uri) : printable(uri.replaceFirst("[?#].*", ""));
    }
    return printable(parts.group("scheme") + parts.group("slashes") + parts.group("rest"));
  }

  /**
   * Returns others' words about this URI, such as those of a library or a program, without its
   * secrets.
   */
  public static String cleared(String words, String uri) {
    String cleared = words;
    for (String secret : secrets(uri)) {
      cleared = cleared.replace(secret, "...");
    }
    return WITHIN
        .matcher(cleared)
        .replaceAll(found -> Matcher.quoteReplacement(shown(found.group())));
  }

  private static List<String> secrets(String uri) {
    List<String> secrets = new ArrayList<>();
    Matcher parts = PARTS.matcher(uri);
    if (uri.regionMatches(true, 0, "data:", 0, "data:".length())) {
      secrets.add(uri.substring(uri.indexOf(',') + 1));
    } else if (parts.matches()) {
      String user = parts.group("user") == null ? "" : parts.group("user");
      secrets.add(user);
      secrets.add(user.substring(user.indexOf(':') + 1));
      String tail = parts.group("tail");
      secrets.add(tail.isEmpty() ? "" : tail.substring(1));
      for (String pair : tail.split("[?#&;]")) {
        secrets.add(pair.substring(pair.indexOf('=') + 1));
      }
    }
    List<String> all = new ArrayList<>();
    for (String secret : secrets) {
      all.add(secret);
      all.add(decoded(secret));
    }
    all.removeIf(secret -> secret.length() < SECRET_CHARS_MIN);
    all.sort((one, other) -> other.length() - one.length());
    return all;
  }

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  /** A line feed in a URI must not begin a line of the log. */
  private static String printable(String text) {
    return text.replaceAll("\\p{Cntrl}", "?");
  }
}
