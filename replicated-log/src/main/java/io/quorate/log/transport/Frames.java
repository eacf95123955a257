package io.quorate.log.transport;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.log.wire.Frame;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetSocket;
import io.vertx.core.parsetools.RecordParser;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/** Frames on a socket: four bytes of length, then a {@link Frame}. */
final class Frames {
  /** What a stranger may send at a time: a handshake frame is less than a tenth of this. */
  static final int STRANGER_BYTES_MAX = 1024;

  private static final int LENGTH_BYTES = 4;

  private Frames() {}

  static Buffer encode(Frame frame) {
    byte[] bytes = frame.toByteArray();
    return Buffer.buffer(LENGTH_BYTES + bytes.length).appendInt(bytes.length).appendBytes(bytes);
  }

  /**
   * Reads frames until the socket closes; one that is too large or cannot be read closes it, and
   * what came behind it is not looked at.
   *
   * @param frameBytesMax asked before each frame: a stranger may send less than a member
   */
  static void read(NetSocket socket, IntSupplier frameBytesMax, Consumer<Frame> handler) {
    RecordParser parser = RecordParser.newFixed(LENGTH_BYTES);
    boolean[] inBody = {false};
    boolean[] refused = {false};
    parser.handler(
        buffer -> {
          if (refused[0]) {
            return;
          }
          if (!inBody[0]) {
            int length = buffer.getInt(0);
            if (length <= 0 || length > frameBytesMax.getAsInt()) {
              refused[0] = true;
              socket.close();
              return;
            }
            inBody[0] = true;
            parser.fixedSizeMode(length);
            return;
          }
          inBody[0] = false;
          parser.fixedSizeMode(LENGTH_BYTES);
          try {
            handler.accept(Frame.parseFrom(buffer.getBytes()));
          } catch (InvalidProtocolBufferException e) {
            refused[0] = true;
            socket.close();
          }
        });
    socket.handler(parser);
  }
}
