package io.quorate.agent.fetch;

import java.io.ByteArrayOutputStream;
import java.net.IDN;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A URL as libcurl takes it, which is more than the grammar of URIs allows: hosts with underscores,
 * and blanks, {@code |}, {@code [ ]} and letters of any language in the path, which are escaped on
 * the way.
 *
 * @param scheme in small letters
 * @param user name and password as bytes of a login; empty for none
 * @param host a name, or an address, of version 6 in brackets
 * @param port -1 for the scheme's own
 * @param file path and query, escaped
 */
record FetchUrl(String scheme, Optional<String> user, String host, int port, String file) {
  private static final Pattern PARTS =
      Pattern.compile(
          "(?<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:(?<user>[^/?#]*)@)?"
              + "(?<host>\\[[0-9A-Fa-f:.%a-z]+\\]|[^/?#:\\[\\]@]*)(?::(?<port>[0-9]{0,5}))?"
              + "(?<file>[/?][^#]*)?(?:#.*)?",
          Pattern.DOTALL);
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9_.~-]+|\\[.*\\]");
  private static final String UNESCAPED = "-._~!$&'()*+,;=:@/?%";
  private static final int PORT_MAX = 65535;
  private static final int HEX = 16;
  private static final int ESCAPE_CHARS = 3;

  /**
   * Reads a URL.
   *
   * @throws FetchException if it has no host, or one that cannot be; the message shows no secret
   */
  static FetchUrl parse(String text) throws FetchException {
    Matcher parts = PARTS.matcher(text);
    if (!parts.matches()) {
      throw new FetchException("its host or port cannot be read");
    }
    String host = parts.group("host");
    if (!host.startsWith("[")) {
      host = ascii(decode(host));
    }
    if (!HOST.matcher(host).matches()) {
      throw new FetchException(
          host.isEmpty() ? "it names no host" : "the host '" + host + "' cannot be read");
    }
    String port = parts.group("port");
    int number = port == null || port.isEmpty() ? -1 : Integer.parseInt(port);
    if (number > PORT_MAX) {
      throw new FetchException("the port " + number + " is above " + PORT_MAX);
    }
    String file = parts.group("file") == null ? "/" : parts.group("file");
    return new FetchUrl(
        parts.group("scheme").toLowerCase(Locale.ROOT),
        Optional.ofNullable(parts.group("user")).map(FetchUrl::decode),
        host,
        number,
        escape(file.startsWith("?") ? "/" + file : file));
  }

  private static String ascii(String host) throws FetchException {
    if (host.chars().allMatch(character -> character < 0x80)) {
      return host;
    }
    try {
      return IDN.toASCII(host);
    } catch (IllegalArgumentException e) {
      throw new FetchException("the host '" + host + "' cannot be read", e);
    }
  }

  /** Returns the URL to which a redirect leads. It is told no user. */
  FetchUrl redirected(String location) throws FetchException {
    if (location.matches("(?s)[A-Za-z][A-Za-z0-9+.-]*:.*")) {
      return parse(location);
    }
    String origin = scheme + "://" + address();
    if (location.startsWith("//")) {
      return parse(scheme + ":" + location);
    }
    if (location.startsWith("/")) {
      return parse(origin + location);
    }
    String path = path();
    String base = location.startsWith("?") ? path : path.substring(0, path.lastIndexOf('/') + 1);
    return parse(origin + base + location);
  }

  private String path() {
    int query = file.indexOf('?');
    return query < 0 ? file : file.substring(0, query);
  }

  /** The last part of the path, as a file may be called. */
  String name() {
    String path = path();
    return decode(path.substring(path.lastIndexOf('/') + 1));
  }

  /** Returns host and port, for messages. */
  String address() {
    return host + (port < 0 ? "" : ":" + port);
  }

  boolean sameServer(FetchUrl other) {
    return scheme.equals(other.scheme) && host.equalsIgnoreCase(other.host) && port == other.port;
  }

  FetchUrl withUser(Optional<String> login) {
    return new FetchUrl(scheme, login, host, port, file);
  }

  /** Returns the header of HTTP's Basic login. */
  Optional<String> basic() {
    return user.map(
        login -> {
          String whole = login.contains(":") ? login : login + ":";
          return "Basic "
              + Base64.getEncoder().encodeToString(whole.getBytes(StandardCharsets.UTF_8));
        });
  }

  /** Returns the URL for a connection. Only for ftp has it the user, who logs in by it. */
  URL url() throws FetchException {
    try {
      String login = scheme.equals("ftp") ? user.map(one -> escapeLogin(one) + "@").orElse("") : "";
      return new URL(scheme + "://" + login + address() + file);
    } catch (MalformedURLException e) {
      throw new FetchException("the URL of '" + address() + "' cannot be read", e);
    }
  }

  private static String escapeLogin(String login) {
    int colon = login.indexOf(':');
    return colon < 0
        ? escapeAll(login)
        : escapeAll(login.substring(0, colon)) + ":" + escapeAll(login.substring(colon + 1));
  }

  private static String escapeAll(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      escaped.append(String.format("%%%02X", one));
    }
    return escaped.toString();
  }

  /** A per cent sign stays: what is escaped already is not escaped again. */
  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (byte one : text.getBytes(StandardCharsets.UTF_8)) {
      boolean plain = one >= 0 && (Character.isLetterOrDigit(one) || UNESCAPED.indexOf(one) >= 0);
      escaped.append(plain ? String.valueOf((char) one) : String.format("%%%02X", one));
    }
    return escaped.toString();
  }

  /** What is no escape stays as it is. */
  static String decode(String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] all = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < all.length; at++) {
      boolean escape =
          all[at] == '%'
              && at + ESCAPE_CHARS <= all.length
              && Character.digit(all[at + 1], HEX) >= 0
              && Character.digit(all[at + 2], HEX) >= 0;
      if (escape) {
        bytes.write(Character.digit(all[at + 1], HEX) * HEX + Character.digit(all[at + 2], HEX));
        at += ESCAPE_CHARS - 1;
      } else {
        bytes.write(all[at]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
