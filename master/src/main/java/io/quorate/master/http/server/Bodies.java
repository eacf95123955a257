package io.quorate.master.http.server;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Consumer;

/** Reads request bodies up to a bound. */
public final class Bodies {
  private Bodies() {}

  /** Hands the whole body over, or answers 413 as soon as it is too large. */
  public static void read(HttpServerRequest request, int bytesMax, Consumer<byte[]> then) {
    Buffer body = Buffer.buffer();
    boolean[] refused = {false};
    request.handler(
        part -> {
          if (refused[0]) {
            return;
          }
          if (body.length() + part.length() > bytesMax) {
            refused[0] = true;
            request.response().putHeader("Connection", "close");
            Replies.text(
                request, 413, "The body is larger than the limit of " + bytesMax + " bytes");
          } else {
            body.appendBuffer(part);
          }
        });
    request.endHandler(
        nothing -> {
          if (!refused[0]) {
            Replies.guarded(request, () -> then.accept(body.getBytes()));
          }
        });
  }
}
