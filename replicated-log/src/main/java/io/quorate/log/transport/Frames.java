package io.quorate.log.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.wire.Frame;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Frames on a socket. In the handshake a frame is four bytes of length and a {@link Frame}. Behind
 * it both are sealed, each for itself: with a bare length one injected packet could make this side
 * wait for a body of megabytes, and hear nothing meanwhile.
 */
final class Frames {
  /** What a stranger may send at a time: a handshake frame is less than a tenth of this. */
  static final int STRANGER_BYTES_MAX = 1024;

  private static final int LENGTH_BYTES = 4;

  /** How long a length may be there in part: whoever sends it sends all of it at once. */
  private static final long PART_MILLIS_MAX = 2_000;

  private static final int SEALED_LENGTH_BYTES = LENGTH_BYTES + FrameCipher.TAG_BYTES;

  private Frames() {}

  /** A frame of the handshake. */
  static Buffer encode(Frame frame) {
    byte[] bytes = frame.toByteArray();
    return Buffer.buffer(LENGTH_BYTES + bytes.length).appendInt(bytes.length).appendBytes(bytes);
  }

  /** A frame behind the handshake. */
  static Buffer encode(Frame frame, FrameCipher cipher) {
    byte[] bytes = frame.toByteArray();
    byte[] length = ByteBuffer.allocate(LENGTH_BYTES).putInt(bytes.length).array();
    return Buffer.buffer(SEALED_LENGTH_BYTES + bytes.length + FrameCipher.TAG_BYTES)
        .appendBytes(cipher.seal(length))
        .appendBytes(cipher.seal(bytes));
  }

  /** Who is heard on a socket: asked before each frame, then told it. */
  interface Listener extends Consumer<Frame> {
    /** Opens what the other side seals; empty during the handshake. */
    Optional<FrameCipher> cipher();
  }

  /**
   * Reads frames until the socket closes. One that is too large, that cannot be read or that the
   * other side did not send closes it, and what came behind it is not looked at. So does a part of
   * a length that stays a part: a few injected bytes must not make this side wait for more.
   *
   * @param vertx counts the time for that
   * @param frameBytesMax the largest frame behind the handshake
   */
  static void read(Vertx vertx, NetSocket socket, int frameBytesMax, Listener listener) {
    RecordParser parser = RecordParser.newFixed(LENGTH_BYTES);
    Reader reader = new Reader(vertx, socket, parser, frameBytesMax, listener);
    parser.handler(reader::piece);
    socket.handler(reader::bytes);
  }

  /** Lengths and bodies in turn. */
  private static final class Reader {
    private final Vertx vertx;
    private final NetSocket socket;
    private final RecordParser parser;
    private final int frameBytesMax;
    private final Listener listener;
    private Optional<FrameCipher> cipher = Optional.empty();
    private boolean inBody;
    private boolean refused;
    private long received;
    private long consumed;
    private boolean watched;

    Reader(
        Vertx vertx, NetSocket socket, RecordParser parser, int frameBytesMax, Listener listener) {
      this.vertx = vertx;
      this.socket = socket;
      this.parser = parser;
      this.frameBytesMax = frameBytesMax;
      this.listener = listener;
    }

    void bytes(Buffer bytes) {
      received += bytes.length();
      parser.handle(bytes);
      watch();
    }

    private void watch() {
      if (!inBody && received > consumed && !watched && !refused) {
        watched = true;
        long at = consumed;
        vertx.setTimer(PART_MILLIS_MAX, id -> looked(at));
      }
    }

    private void looked(long at) {
      watched = false;
      if (consumed == at) {
        refuse();
      } else {
        watch();
      }
    }

    void piece(Buffer piece) {
      consumed += piece.length();
      if (refused) {
        return;
      }
      try {
        byte[] bytes = piece.getBytes();
        byte[] open = cipher.isPresent() ? cipher.get().open(bytes) : bytes;
        if (inBody) {
          listener.accept(Frame.parseFrom(open));
          cipher = listener.cipher();
          parser.fixedSizeMode(cipher.isPresent() ? SEALED_LENGTH_BYTES : LENGTH_BYTES);
        } else {
          int length = ByteBuffer.wrap(open).getInt();
          if (length <= 0 || length > (cipher.isPresent() ? frameBytesMax : STRANGER_BYTES_MAX)) {
            refuse();
            return;
          }
          parser.fixedSizeMode(cipher.isPresent() ? length + FrameCipher.TAG_BYTES : length);
        }
        inBody = !inBody;
      } catch (InvalidProtocolBufferException | GeneralSecurityException e) {
        refuse();
      }
    }

    private void refuse() {
      refused = true;
      socket.close();
    }
  }
}
