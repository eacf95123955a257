package io.quorate.protocol.http;

import io.vertx.core.Context;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers that both daemons give in one way (Mesos 1.3). It runs on the event loop of the request.
 */
public final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  private Answers() {}

  /**
   * Runs a part of the handling of a request. An exception of ours, whatever it is, is answered 500
   * and closes the connection: nobody waits for an answer that does not come.
   */
  public static void guarded(HttpServerRequest request, Runnable part) {
    try {
      part.run();
    } catch (RuntimeException | StackOverflowError e) {
      LOG.error("A request failed: {} {}", request.method(), request.path(), e);
      HttpServerResponse response = request.response();
      if (response.headWritten()) {
        var unused = request.connection().close();
      } else if (!response.ended()) {
        response.putHeader("Connection", "close");
        text(request, 500, "This request failed, and was not answered: see the log of the daemon");
      }
    }
  }

  /** Runs a later part of the handling of a request, on its event loop. */
  public static void later(Context context, HttpServerRequest request, Runnable part) {
    context.runOnContext(nothing -> guarded(request, part));
  }

  /** Answers with a line of text for people. */
  public static void text(HttpServerRequest request, int status, String body) {
    HttpServerResponse response = start(request, status);
    response.putHeader("Content-Type", "text/plain; charset=utf-8");
    var unused = response.end(body);
  }

  /** Answers with the status and nothing else. */
  public static void empty(HttpServerRequest request, int status) {
    HttpServerResponse response = start(request, status);
    if (status != 204) {
      response.putHeader("Content-Length", "0");
    }
    var unused = response.end();
  }

  /** Status and date; the caller writes the rest. */
  public static HttpServerResponse start(HttpServerRequest request, int status) {
    return request
        .response()
        .setStatusCode(status)
        .putHeader(
            "Date",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(
                ZonedDateTime.now(Clock.systemUTC()).withZoneSameInstant(ZoneOffset.UTC)));
  }

  /** 405 with the methods that are taken (RFC 9110, section 15.5.6; CP-023). */
  public static void notAllowed(HttpServerRequest request, Endpoint endpoint) {
    request.response().putHeader("Allow", endpoint.allow());
    text(
        request,
        405,
        "405 Method Not Allowed. Expecting one of { "
            + String.join(", ", endpoint.methods().stream().map(name -> "'" + name + "'").toList())
            + " }, but received '"
            + request.method()
            + "'.");
  }

  /** Says whether a method only looks. */
  public static boolean reads(HttpMethod method) {
    return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
  }
}
