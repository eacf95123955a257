package io.quorate.log.transport;

import com.google.protobuf.Message;
import io.quorate.log.wire.Frame;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.dns.AddressResolverOptions;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;

/** Raw sockets that speak frames, or something else, and the fixtures that the tests share. */
final class Wire {
  static final byte[] SECRET = "a secret for the tests".getBytes(StandardCharsets.UTF_8);
  static final byte[] OTHER_SECRET = "some other secret, too".getBytes(StandardCharsets.UTF_8);
  static final String LOOPBACK = "127.0.0.1";
  static final int READ_MILLIS_MAX = 30_000;

  private Wire() {}

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName(LOOPBACK))) {
      return socket.getLocalPort();
    }
  }

  static Vertx vertx() {
    return Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1));
  }

  /** One for which a name means this address: so two members can reach one name by two ways. */
  static Vertx vertxWhere(String name, String address) {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(1)
            .setWorkerPoolSize(1)
            .setAddressResolverOptions(
                new AddressResolverOptions()
                    .setHostsValue(Buffer.buffer(address + " " + name + "\n"))));
  }

  static Socket connect(int port) throws IOException {
    Socket socket = new Socket(LOOPBACK, port);
    socket.setSoTimeout(READ_MILLIS_MAX);
    return socket;
  }

  static void write(Socket socket, Frame frame) throws IOException {
    byte[] bytes = frame.toByteArray();
    DataOutputStream out = new DataOutputStream(socket.getOutputStream());
    out.writeInt(bytes.length);
    out.write(bytes);
    out.flush();
  }

  static Frame read(Socket socket) throws IOException {
    DataInputStream in = new DataInputStream(socket.getInputStream());
    byte[] bytes = new byte[in.readInt()];
    in.readFully(bytes);
    return Frame.parseFrom(bytes);
  }

  /** Waits for the other side to close. False if it sent something instead. */
  static boolean closedByOther(Socket socket) throws IOException {
    try {
      return socket.getInputStream().read() == -1;
    } catch (SocketException reset) {
      return true;
    }
  }

  static Frame request(long id, Message message) {
    return Frame.newBuilder()
        .setRequest(
            io.quorate.log.wire.Request.newBuilder()
                .setId(id)
                .setType(message.getClass().getName())
                .setPayload(message.toByteString()))
        .build();
  }
}
