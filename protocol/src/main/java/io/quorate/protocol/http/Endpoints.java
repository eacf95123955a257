package io.quorate.protocol.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The endpoints of a port. The one with the longest path that a request's path begins with answers,
 * as in libprocess; whole segments count (CP-034). It is immutable.
 */
public final class Endpoints {
  private final String process;
  private final Map<String, Endpoint> byPath = new HashMap<>();

  /**
   * Makes the table.
   *
   * @param process the name that paths may begin with, as in {@code /master}
   * @throws IllegalArgumentException if a path is there twice
   */
  public Endpoints(String process, List<Endpoint> endpoints) {
    this.process = process;
    for (Endpoint endpoint : endpoints) {
      if (byPath.put(endpoint.path(), endpoint) != null) {
        throw new IllegalArgumentException("two endpoints have the path " + endpoint.path());
      }
    }
  }

  /**
   * A path below a process, without slashes at its end: {@code /state} for {@code /master/state/};
   * {@code /} for none.
   */
  public static String local(String process, String path) {
    String below = below(process, path);
    int end = below.length();
    while (end > 0 && below.charAt(end - 1) == '/') {
      end--;
    }
    return end == 0 ? "/" : below.substring(0, end);
  }

  /**
   * What of a path follows the process, where it names that: all of it where not. In the first
   * segment escapes count as what they stand for, as in libprocess.
   */
  public static String below(String process, String path) {
    int second = path.indexOf('/', 1);
    String first = second < 0 ? path : path.substring(0, second);
    return decoded(first).equals(process) ? path.substring(first.length()) : path;
  }

  /** Builders of URLs may escape what need not be, as in {@code /slave%281%29}. */
  private static String decoded(String segment) {
    try {
      // A plus is itself in a path.
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }

  /** Whose a path is. */
  public Optional<Endpoint> find(String path) {
    String asked = local(process, path);
    for (String prefix = asked; prefix.startsWith("/"); ) {
      Endpoint found = byPath.get(prefix);
      if (found != null && (!found.exact() || prefix.equals(asked))) {
        return Optional.of(found);
      }
      prefix = prefix.substring(0, prefix.lastIndexOf('/'));
    }
    return Optional.empty();
  }
}
