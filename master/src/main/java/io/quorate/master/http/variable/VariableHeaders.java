package io.quorate.master.http.variable;

import io.quorate.master.event.VariableCondition;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What the headers of a request say of a variable's version (RFC 9110, 8.8.3 and 13.1). */
final class VariableHeaders {
  /** By which a client names the version of what it stores. */
  static final String VERSION = "Quorate-Variable-Version";

  private VariableHeaders() {}

  /** As ETag has it. */
  static String tag(String version) {
    return '"' + version + '"';
  }

  /**
   * What has to be so for an order to be done.
   *
   * @param header gives the value of a header, or null
   * @throws IllegalArgumentException with what is wrong
   */
  static VariableCondition condition(UnaryOperator<String> header) {
    String match = header.apply("If-Match");
    String noneMatch = header.apply("If-None-Match");
    if (match != null && noneMatch != null) {
      throw new IllegalArgumentException("Expecting one of 'If-Match' and 'If-None-Match'");
    }
    VariableCondition.Builder condition = VariableCondition.newBuilder();
    if (noneMatch != null) {
      if (!noneMatch.strip().equals("*")) {
        throw new IllegalArgumentException("Expecting 'If-None-Match' of an order to be '*'");
      }
      condition.setAbsent(true);
    } else if (match != null && match.strip().equals("*")) {
      condition.setPresent(true);
    } else if (match != null) {
      condition.setVersion(
          version(match)
              .orElseThrow(
                  () ->
                      new IllegalArgumentException(
                          "Expecting 'If-Match' to be '*' or one strong tag in quotes, as ETag"
                              + " gave it")));
    }
    return condition.build();
  }

  /** Whether a reader has this version already. */
  static boolean known(String noneMatch, String version) {
    if (noneMatch == null) {
      return false;
    }
    for (String tag : noneMatch.split(",")) {
      String text = tag.strip();
      if (text.equals("*") || text.replaceFirst("^W/", "").equals(tag(version))) {
        return true;
      }
    }
    return false;
  }

  private static Optional<String> version(String tag) {
    String text = tag.strip();
    return text.matches("\"[!#-~]+\"")
        ? Optional.of(text.substring(1, text.length() - 1))
        : Optional.empty();
  }
}
