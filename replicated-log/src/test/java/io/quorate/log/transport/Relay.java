package io.quorate.log.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A link that can be cut: passes bytes on, until its connections are reset and new ones refused.
 */
final class Relay implements AutoCloseable {
  private final ServerSocket listener;
  private final String targetHost;
  private final int port;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();
  private volatile boolean dying;
  private volatile boolean lastOneTaken;

  Relay(String host, String targetHost, int port) throws IOException {
    this.listener = new ServerSocket(port, 10, InetAddress.getByName(host));
    this.targetHost = targetHost;
    this.port = port;
    start(this::accept);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket in = listener.accept();
        if (dying) {
          // In this order, so that who finds this one closed is refused the next.
          listener.close();
          lastOneTaken = true;
          reset(in);
          return;
        }
        Socket out = new Socket(targetHost, port);
        sockets.add(in);
        sockets.add(out);
        accepted.incrementAndGet();
        if (listener.isClosed()) {
          // It came while the link was being cut, which may not have seen it.
          reset(in);
          reset(out);
          return;
        }
        start(() -> copy(in, out));
        start(() -> copy(out, in));
      } catch (IOException e) {
        continue;
      }
    }
  }

  private void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // The link was cut; both ends are closed below.
    } finally {
      reset(from);
      reset(to);
    }
  }

  private static void start(Runnable task) {
    Thread thread = new Thread(task, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  private void reset(Socket socket) {
    sockets.remove(socket);
    synchronized (socket) {
      if (socket.isClosed()) {
        return;
      }
      try {
        socket.setSoLinger(true, 0);
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  int accepted() {
    return accepted.get();
  }

  int open() {
    return sockets.size();
  }

  boolean lastOneTaken() {
    return lastOneTaken;
  }

  /** Resets what is open. */
  void reset() {
    sockets.forEach(this::reset);
  }

  /** Resets what is open and refuses what comes. */
  void cut() {
    close();
  }

  /** Resets what is open, takes one more connection, closes it and refuses the rest. */
  void cutAfterOneMore() {
    dying = true;
    reset();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    reset();
  }
}
