package io.quorate.protocol.http;

import java.util.regex.Pattern;

/** The {@code jsonp} parameter of views: JSON as a call of a function (CP-012). */
public final class Jsonp {
  /** The type of such an answer. */
  public static final String CONTENT_TYPE = "text/javascript";

  /** The parameter. */
  public static final String PARAMETER = "jsonp";

  /** Nothing else may be echoed into a script. */
  private static final Pattern FUNCTION_NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.]{0,127}");

  private Jsonp() {}

  /** Whether this may be called. */
  public static boolean validName(String function) {
    return FUNCTION_NAME.matcher(function).matches();
  }
}
