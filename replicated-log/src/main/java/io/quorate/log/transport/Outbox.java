package io.quorate.log.transport;

import io.quorate.log.wire.Frame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is sent on one connection, in the order of the calls; any thread. Counts the bytes that the
 * operating system has not taken: the socket itself says that its queue is full once a few messages
 * wait for their event loop, however small they are.
 */
final class Outbox {
  private final NetSocket socket;
  private final long bytesMax;
  private final AtomicLong unread = new AtomicLong();

  /** Behind the handshake. Guarded by this: frames leave in the order of their numbers. */
  private Optional<FrameCipher> cipher = Optional.empty();

  /**
   * @param bytesMax with more than so many untaken, nothing is sent any more
   */
  Outbox(NetSocket socket, long bytesMax) {
    this.socket = socket;
    this.bytesMax = bytesMax;
  }

  /** The handshake is over: all that follows is sealed. */
  synchronized void seal(FrameCipher with) {
    cipher = Optional.of(with);
  }

  /** False, and nothing is sent, if the other side does not read, or this one stops. */
  synchronized boolean write(Frame frame) {
    if (unread.get() > bytesMax) {
      return false;
    }
    Buffer bytes =
        cipher.map(sealing -> Frames.encode(frame, sealing)).orElseGet(() -> Frames.encode(frame));
    int length = bytes.length();
    unread.addAndGet(length);
    try {
      socket.write(bytes).onComplete(done -> unread.addAndGet(-length));
    } catch (RejectedExecutionException e) {
      // The event loops have ended: this process is stopping.
      return false;
    }
    return true;
  }
}
