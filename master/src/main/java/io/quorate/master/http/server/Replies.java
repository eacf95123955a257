package io.quorate.master.http.server;

import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
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

  public static void text(HttpServerRequest request, int status, String body) {
    Answers.text(request, status, body);
  }

  public static void empty(HttpServerRequest request, int status) {
    Answers.empty(request, status);
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

  /** To the leader if one is known, else 503 (CP-029 to CP-031). */
  public static void elsewhere(HttpServerRequest request, MasterView view) {
    MasterInfo leader = view.leader();
    if (leader == null || leader.equals(view.self())) {
      text(request, 503, "No leader elected");
      return;
    }
    String path = Paths.canonical(request);
    String query = request.query() == null ? "" : "?" + request.query();
    redirect(request, leader, path + query);
  }

  public static void redirect(HttpServerRequest request, MasterInfo leader, String rest) {
    String location = "//" + leader.getHostname() + ":" + leader.getPort() + rest;
    var unused =
        start(request, 307).putHeader("Location", location).putHeader("Content-Length", "0").end();
  }

  /** What becomes of a call that the core did not answer. */
  public static void unavailable(HttpServerRequest request, MasterView view, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof NotLeaderException) {
      elsewhere(request, view);
    } else if (cause instanceof OverloadedException) {
      request.response().putHeader("Retry-After", "1");
      text(request, 503, "Overloaded: " + cause.getMessage() + ". The call was not done");
    } else if (cause instanceof OutcomeUnknownException) {
      text(
          request,
          503,
          "The outcome of the call is unknown, and it may be repeated: " + cause.getMessage());
    } else {
      text(request, 500, "The call could not be decided, and was not done: see the master's log");
    }
  }
}
