package io.quorate.driver.mesos.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Bytes of a socket, buffered. Whenever nothing came for a while, somebody may lose patience. */
final class SocketInput {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int LINE_BYTES_MAX = 16 << 10;

  private final InputStream in;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int from;
  private int to;
  private Patience patience = () -> {};

  SocketInput(InputStream in) {
    this.in = in;
  }

  void patience(Patience patience) {
    this.patience = patience;
  }

  private boolean fill() throws IOException {
    while (true) {
      try {
        from = 0;
        to = Math.max(0, in.read(buffer));
        return to > 0;
      } catch (SocketTimeoutException e) {
        patience.nothingCame();
      }
    }
  }

  /** Up to as many bytes as are wanted; -1 at the end. */
  int read(byte[] into, int offset, int wanted) throws IOException {
    if (from == to && !fill()) {
      return -1;
    }
    int count = Math.min(wanted, to - from);
    System.arraycopy(buffer, from, into, offset, count);
    from += count;
    return count;
  }

  /** A line without its end. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    byte[] one = new byte[1];
    while (true) {
      if (read(one, 0, 1) < 0) {
        throw new EOFException("the connection was closed");
      }
      if (one[0] == '\n') {
        int end = line.length();
        return end > 0 && line.charAt(end - 1) == '\r'
            ? line.substring(0, end - 1)
            : line.toString();
      }
      if (line.length() == LINE_BYTES_MAX) {
        throw new IOException("a line of a response is over " + LINE_BYTES_MAX + " bytes");
      }
      line.append(new String(one, StandardCharsets.ISO_8859_1));
    }
  }
}
