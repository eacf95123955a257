package io.quorate.driver.mesos.http;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** A response's head, and its body as it comes. */
public final class HttpResponseBody {
  private static final int HEX = 16;
  private static final int COPY_BYTES = 4 << 10;

  private final SocketInput in;
  private final int status;
  private final HttpHeaders headers;
  private final boolean chunked;
  private long left;
  private boolean ended;

  HttpResponseBody(SocketInput in, int status, HttpHeaders headers) throws IOException {
    this.in = in;
    this.status = status;
    this.headers = headers;
    this.chunked = headers.get("transfer-encoding").equalsIgnoreCase("chunked");
    String length = headers.get("content-length");
    try {
      this.left = chunked ? 0 : length.isEmpty() ? Long.MAX_VALUE : Long.parseLong(length);
    } catch (NumberFormatException e) {
      throw new IOException("Content-Length is no number: " + length, e);
    }
    boolean empty = status == 204 || status == 304;
    this.ended = empty || (!chunked && left == 0);
  }

  /** The status code. */
  public int status() {
    return status;
  }

  /** A header's value; an empty text without it. */
  public String header(String name) {
    return headers.get(name);
  }

  /** The next bytes of the body; -1 at its end. */
  public int read(byte[] into) throws IOException {
    if (!ended && chunked && left == 0) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = in.read(into, 0, (int) Math.min(into.length, left));
    if (count < 0) {
      ended = true;
      if (chunked || left < Long.MAX_VALUE / 2) {
        throw new EOFException("the connection broke within a response");
      }
      return -1;
    }
    left -= count;
    if (chunked && left == 0) {
      in.line();
    }
    ended = !chunked && left == 0;
    return count;
  }

  private void nextChunk() throws IOException {
    String line = in.line();
    int extension = line.indexOf(';');
    try {
      left = Long.parseLong((extension < 0 ? line : line.substring(0, extension)).trim(), HEX);
    } catch (NumberFormatException e) {
      throw new IOException("a chunk's size is no hexadecimal number: " + line, e);
    }
    if (left < 0) {
      throw new IOException("a chunk's size is negative: " + line);
    }
    if (left == 0) {
      while (!in.line().isEmpty()) {
        // Trailers say nothing to us.
      }
      ended = true;
    }
  }

  /**
   * The whole body as text.
   *
   * @throws IOException if it is longer, too
   */
  public String text(int bytesMax) throws IOException {
    return new String(whole(bytesMax), StandardCharsets.UTF_8);
  }

  /**
   * The whole body.
   *
   * @throws IOException if it is longer, too
   */
  public byte[] whole(int bytesMax) throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    byte[] some = new byte[COPY_BYTES];
    for (int count = read(some); count >= 0; count = read(some)) {
      whole.write(some, 0, count);
      if (whole.size() > bytesMax) {
        throw new IOException("a response is over " + bytesMax + " bytes");
      }
    }
    return whole.toByteArray();
  }
}
