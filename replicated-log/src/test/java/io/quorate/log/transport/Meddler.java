package io.quorate.log.transport;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;
import java.util.function.UnaryOperator;

/** Somebody on the wire: all that is said passes through it, and it may add, change and repeat. */
final class Meddler implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final ByteArrayOutputStream all = new ByteArrayOutputStream();
  private final Queue<UnaryOperator<byte[]>> changes = new ArrayDeque<>();
  private Socket caller;
  private Socket server;
  private byte[] lastOfCaller = new byte[0];
  private byte[] lastOfServer = new byte[0];
  private int connections;

  Meddler(String host, int port, int target) throws IOException {
    this.listener = new ServerSocket(port, 10, InetAddress.getByName(host));
    this.target = target;
    start(this::accept);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket in = listener.accept();
        Socket out = new Socket(Wire.LOOPBACK, target);
        synchronized (this) {
          caller = in;
          server = out;
          connections++;
        }
        start(() -> copy(in, out, true));
        start(() -> copy(out, in, false));
      } catch (IOException e) {
        continue;
      }
    }
  }

  private void copy(Socket from, Socket to, boolean ofCaller) {
    byte[] buffer = new byte[1 << 16];
    try (from;
        to) {
      for (int n = from.getInputStream().read(buffer);
          n > 0;
          n = from.getInputStream().read(buffer)) {
        to.getOutputStream().write(passing(Arrays.copyOf(buffer, n), ofCaller));
      }
    } catch (IOException e) {
      // One side ended; the other end is closed too.
    }
  }

  private synchronized byte[] passing(byte[] said, boolean ofCaller) throws IOException {
    all.write(said);
    if (ofCaller) {
      lastOfCaller = said;
    } else {
      lastOfServer = said;
    }
    UnaryOperator<byte[]> change = ofCaller ? changes.poll() : null;
    return change == null ? said : change.apply(said);
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "meddler");
    thread.setDaemon(true);
    thread.start();
  }

  /** Changes what the caller says next. */
  synchronized void change(UnaryOperator<byte[]> change) {
    changes.add(change);
  }

  synchronized byte[] all() {
    return all.toByteArray();
  }

  synchronized byte[] lastOfCaller() {
    return lastOfCaller.clone();
  }

  synchronized byte[] lastOfServer() {
    return lastOfServer.clone();
  }

  synchronized int connections() {
    return connections;
  }

  /** Whether the latest connection was ended by one of the two. */
  synchronized boolean ended() {
    return caller.isClosed();
  }

  synchronized void toServer(byte[] bytes) throws IOException {
    server.getOutputStream().write(bytes);
  }

  synchronized void toCaller(byte[] bytes) throws IOException {
    caller.getOutputStream().write(bytes);
  }

  @Override
  public void close() throws IOException {
    listener.close();
    synchronized (this) {
      if (caller != null) {
        caller.close();
        server.close();
      }
    }
  }
}
