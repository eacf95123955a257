package io.quorate.master.http.variable;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;

/**
 * What a path below {@code /quorate/variables} names. The first segment is the namespace, all that
 * follows the name, which may have slashes. Both are percent-encoded UTF-8.
 *
 * @param namespace empty for all of them
 * @param name empty for all of a namespace
 */
record VariablePath(String namespace, String name) {
  static final String ROOT = "/quorate/variables";

  /**
   * Reads a path below the process.
   *
   * @throws IllegalArgumentException if something cannot be decoded
   */
  static VariablePath of(String local) {
    String rest = local.substring(ROOT.length());
    rest = rest.startsWith("/") ? rest.substring(1) : rest;
    int slash = rest.indexOf('/');
    return slash < 0
        ? new VariablePath(decoded(rest), "")
        : new VariablePath(decoded(rest.substring(0, slash)), decoded(rest.substring(slash + 1)));
  }

  private static String decoded(String text) {
    // In a path, unlike in a form, a plus is a plus.
    String decoded = URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    if (decoded.indexOf('\ufffd') >= 0) {
      throw new IllegalArgumentException("not UTF-8");
    }
    return decoded;
  }
}
