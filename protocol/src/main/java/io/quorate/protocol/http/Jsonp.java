package io.quorate.protocol.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.regex.Pattern;

/** The {@code jsonp} parameter of views: JSON as a call of a function (CP-012). */
public final class Jsonp {
  /** This is the type of such an answer. */
  public static final String CONTENT_TYPE = "text/javascript";

  /** This parameter asks for it. */
  public static final String PARAMETER = "jsonp";

  /** Nothing else may be echoed into a script. */
  private static final Pattern FUNCTION_NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.]{0,127}");

  private Jsonp() {}

  /** Answers with JSON, or with a call of the function that the request names. */
  public static void answer(HttpServerRequest request, byte[] json) {
    String function = request.getParam(PARAMETER);
    if (function == null) {
      var unused =
          Answers.start(request, 200)
              .putHeader("Content-Type", "application/json")
              .end(Buffer.buffer(json));
    } else if (validName(function)) {
      var unused =
          Answers.start(request, 200)
              .putHeader("Content-Type", CONTENT_TYPE)
              .end(Buffer.buffer(function + "(").appendBytes(json).appendString(");"));
    } else {
      Answers.text(request, 400, "The parameter 'jsonp' must be the name of a function");
    }
  }

  /** Whether this may be called. */
  public static boolean validName(String function) {
    return FUNCTION_NAME.matcher(function).matches();
  }
}
