package io.quorate.protocol.http;

import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import io.vertx.core.internal.http.HttpServerRequestWrapper;

/**
 * A request as the edge hands it on: it knows whether its caller is known, and what of its body is
 * held until it is answered. It runs on the event loop of the request.
 */
public final class EdgeRequest extends HttpServerRequestWrapper {

  /** The edge hears this of a request. */
  interface Progress {
    /** It is there with all of its body. */
    void whole();

    /** It is answered, or its connection is gone. */
    void over();
  }

  private final BodyBudget budget;
  private final Progress progress;
  private Handler<Void> onEnd = nothing -> {};
  private boolean stranger = true;
  private long heldBytes;
  private boolean over;

  EdgeRequest(HttpServerRequestInternal request, BodyBudget budget, Progress progress) {
    super(request);
    this.budget = budget;
    this.progress = progress;
    delegate.endHandler(
        nothing -> {
          progress.whole();
          onEnd.handle(null);
        });
    // The head goes out when the call is decided: its body is needed no longer.
    delegate.response().headersEndHandler(nothing -> release());
    delegate.response().endHandler(nothing -> settle());
  }

  /** Says that somebody who may be here sent this request: its body is no stranger's. */
  public static void known(HttpServerRequest request) {
    if (request instanceof EdgeRequest edge) {
      edge.stranger = false;
    }
  }

  @Override
  public HttpServerRequest endHandler(Handler<Void> handler) {
    onEnd = handler == null ? nothing -> {} : handler;
    return this;
  }

  /** The body will be read: who waits to be asked for it is asked (RFC 9110, 10.1.1). */
  void wantBody() {
    if ("100-continue".equalsIgnoreCase(getHeader("Expect"))) {
      var unused = response().writeContinue();
    }
  }

  /** Holds more bytes until this request is answered; false if there is no room for them. */
  boolean hold(long bytes) {
    if (over || !budget.take(bytes, stranger)) {
      return over;
    }
    heldBytes += bytes;
    return true;
  }

  void release() {
    budget.give(heldBytes, stranger);
    heldBytes = 0;
  }

  private void settle() {
    if (!over) {
      over = true;
      release();
      progress.over();
    }
  }
}
