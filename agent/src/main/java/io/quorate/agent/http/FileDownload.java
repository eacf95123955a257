package io.quorate.agent.http;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends one open file piece by piece: the next piece is read, on a worker thread, when the last one
 * has left. So a download costs one piece of memory, whatever the size of the file and however slow
 * the reader.
 */
final class FileDownload {
  private static final int PIECE_BYTES = 64 << 10;
  private static final Logger LOG = LoggerFactory.getLogger(FileDownload.class);

  private final Vertx vertx;
  private final FileChannel file;
  private final String name;
  private final Runnable atEnd;
  private final long bytes;
  private final AtomicBoolean over = new AtomicBoolean();
  private long sent;

  /**
   * Makes one of a file as it is now: what is appended later is not sent.
   *
   * @param file is closed at the end
   * @param name what the client is told to call it
   */
  FileDownload(Vertx vertx, FileChannel file, String name, Runnable atEnd) throws IOException {
    this.vertx = vertx;
    this.file = file;
    this.name = name;
    this.atEnd = atEnd;
    this.bytes = file.size();
  }

  /** Begins to answer. */
  void to(HttpServerRequest request) {
    HttpServerResponse response = request.response();
    if (response.closed()) {
      end();
      return;
    }
    response.closeHandler(nothing -> end());
    response.exceptionHandler(failure -> end());
    response
        .putHeader("Content-Type", "application/octet-stream")
        .putHeader("Content-Length", Long.toString(bytes))
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader(
            "Content-Disposition",
            "attachment; filename*=UTF-8''"
                + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
    next(response);
  }

  private void next(HttpServerResponse response) {
    if (over.get()) {
      return;
    }
    if (sent == bytes) {
      end();
      var unused = response.end();
      return;
    }
    vertx
        .executeBlocking(this::piece, false)
        .compose(response::write)
        .onSuccess(nothing -> next(response))
        .onFailure(
            failure -> {
              LOG.debug("A download of {} broke off", name, failure);
              end();
              // The length was promised: only an end of the connection tells that it is not kept.
              var unused = response.reset();
            });
  }

  private Buffer piece() throws IOException {
    ByteBuffer piece = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, bytes - sent));
    while (piece.hasRemaining()) {
      if (file.read(piece, sent + piece.position()) < 0) {
        throw new IOException("the file has become shorter");
      }
    }
    sent += piece.position();
    return Buffer.buffer(piece.array());
  }

  private void end() {
    if (!over.compareAndSet(false, true)) {
      return;
    }
    atEnd.run();
    try {
      file.close();
    } catch (IOException e) {
      LOG.debug("{} was closed with a fault", name, e);
    }
  }
}
