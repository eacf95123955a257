package io.quorate.protocol.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Reads the body of a request into memory, up to a bound of its own and within the budget of the
 * port. What is refused is let go at once; the rest of it is read and forgotten, so that the client
 * sees the answer. It runs on the event loop of the request.
 */
public final class RequestBodies {
  private static final int FIRST_BYTES = 4 << 10;

  private RequestBodies() {}

  /**
   * Hands the whole body over, or answers 413 as soon as it is too large, and 503 as soon as the
   * budget is used up.
   */
  public static void read(HttpServerRequest request, int bytesMax, Consumer<byte[]> then) {
    Reading reading = new Reading(request, bytesMax);
    if (declaredBytes(request) > bytesMax) {
      reading.tooLarge();
      return;
    }
    request.handler(reading::take);
    request.endHandler(
        nothing -> {
          if (!reading.refused) {
            Answers.guarded(request, () -> then.accept(reading.whole()));
          }
        });
    if (request instanceof EdgeRequest edge) {
      edge.wantBody();
    }
  }

  private static long declaredBytes(HttpServerRequest request) {
    try {
      return Long.parseLong(request.getHeader("Content-Length"));
    } catch (NumberFormatException e) {
      return 0; // none, since a wrong one was refused before
    }
  }

  private static final class Reading {
    private final HttpServerRequest request;
    private final int bytesMax;
    private byte[] bytes = new byte[0];
    private int length;
    private boolean refused;

    Reading(HttpServerRequest request, int bytesMax) {
      this.request = request;
      this.bytesMax = bytesMax;
    }

    void take(Buffer part) {
      if (refused) {
        return;
      }
      int needed = length + part.length();
      if (needed > bytesMax) {
        tooLarge();
      } else if (makeRoom(needed)) {
        part.getBytes(bytes, length);
        length = needed;
      } else {
        refuse();
        request.response().putHeader("Retry-After", "1");
        Answers.text(
            request,
            503,
            "Bodies of as many bytes as there is room for wait already. Nothing was done");
      }
    }

    /** False if the budget has none. */
    private boolean makeRoom(int needed) {
      if (needed <= bytes.length) {
        return true;
      }
      int larger = Math.min(bytesMax, Math.max(needed, Math.max(FIRST_BYTES, 2 * bytes.length)));
      if (request instanceof EdgeRequest edge && !edge.hold(larger - bytes.length)) {
        return false;
      }
      bytes = Arrays.copyOf(bytes, larger);
      return true;
    }

    private void refuse() {
      refused = true;
      bytes = new byte[0];
      if (request instanceof EdgeRequest edge) {
        edge.release();
      }
    }

    void tooLarge() {
      refuse();
      Answers.text(request, 413, "The body is larger than the limit of " + bytesMax + " bytes");
    }

    byte[] whole() {
      return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }
  }
}
