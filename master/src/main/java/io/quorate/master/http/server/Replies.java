package io.quorate.master.http.server;

import io.quorate.master.http.face.Reply;
import io.quorate.master.leader.MasterView;
import io.quorate.protocol.http.Answers;
import io.quorate.protocol.v1.MasterInfo;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.CompletionException;

/** Answers that all faces give in one way (Mesos 1.3). */
public final class Replies {
  private Replies() {}

  /** See {@link Answers#guarded}. */
  public static void guarded(HttpServerRequest request, Runnable part) {
    Answers.guarded(request, part);
  }

  /** Runs a later part of the handling of a request, on its event loop. */
  public static void later(Context context, HttpServerRequest request, Runnable part) {
    Answers.later(context, request, part);
  }

  /** Sends a whole answer. */
  public static void send(HttpServerRequest request, Reply reply) {
    HttpServerResponse response = start(request, reply.status());
    reply.headers().forEach(response::putHeader);
    if (reply.body().isEmpty()) {
      var unused = response.putHeader("Content-Length", "0").end();
    } else {
      response.putHeader("Content-Type", "text/plain; charset=utf-8");
      var unused = response.end(reply.body());
    }
  }

  public static void text(HttpServerRequest request, int status, String body) {
    send(request, Reply.text(status, body));
  }

  public static void empty(HttpServerRequest request, int status) {
    send(request, Reply.empty(status));
  }

  public static HttpServerResponse start(HttpServerRequest request, int status) {
    return Answers.start(request, status);
  }

  /** Only POST (CP-023). */
  public static void notPost(HttpServerRequest request) {
    request.response().putHeader("Allow", "POST");
    text(
        request,
        405,
        "405 Method Not Allowed. Expecting one of { 'POST' }, but received '"
            + request.method()
            + "'.");
  }

  /** Returns path and query as a redirect to the leader names them. */
  static String target(HttpServerRequest request) {
    String query = request.query() == null ? "" : "?" + request.query();
    return Paths.canonical(request) + query;
  }

  /** To the leader if one is known, else 503 (CP-029 to CP-031). */
  public static void elsewhere(HttpServerRequest request, MasterView view) {
    send(request, Reply.elsewhere(view, target(request)));
  }

  public static void redirect(HttpServerRequest request, MasterInfo leader, String rest) {
    send(request, Reply.redirect(leader, rest));
  }

  /** What becomes of a call that the core did not answer. */
  public static void unavailable(HttpServerRequest request, MasterView view, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    send(request, Reply.unavailable(view, target(request), cause));
  }
}
