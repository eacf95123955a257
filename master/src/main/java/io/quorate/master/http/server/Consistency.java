package io.quorate.master.http.server;

import io.quorate.master.leader.MasterCore;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * How fresh a reader wants to be served. Without a word any master answers with what it has
 * applied; with {@code Quorate-Consistency: linearizable} it first makes sure, by a round to a
 * majority, that it has applied all that was committed when the request came (Raft, section 8:
 * read-index; no clock is trusted). If it cannot, it answers 503.
 */
public final class Consistency {
  public static final String HEADER = "Quorate-Consistency";
  public static final String LINEARIZABLE = "linearizable";
  private static final long SECONDS_MAX = 10;

  private Consistency() {}

  /** Serves at once, or when it is sure. */
  public static void serve(
      HttpServerRequest request, MasterCore core, Consumer<HttpServerRequest> served) {
    String wanted = request.getHeader(HEADER);
    if (wanted == null) {
      served.accept(request);
      return;
    }
    if (!wanted.equals(LINEARIZABLE)) {
      Replies.text(request, 400, "Expecting '" + HEADER + "' to be '" + LINEARIZABLE + "'");
      return;
    }
    linearizable(request, core, served);
  }

  /** Serves when it is sure, whatever the reader said. */
  public static void linearizable(
      HttpServerRequest request, MasterCore core, Consumer<HttpServerRequest> served) {
    request.pause();
    Context context = Vertx.currentContext();
    core.barrier()
        .orTimeout(SECONDS_MAX, TimeUnit.SECONDS)
        .whenComplete(
            (index, failure) ->
                Replies.later(
                    context,
                    request,
                    () -> {
                      request.resume();
                      if (failure == null) {
                        served.accept(request);
                      } else {
                        request.response().putHeader("Retry-After", "1");
                        Replies.text(
                            request,
                            503,
                            "No majority says what is committed: no leader, or cut off");
                      }
                    }));
  }
}
