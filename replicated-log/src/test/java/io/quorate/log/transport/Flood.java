package io.quorate.log.transport;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/** A stranger that holds connections open, says nothing, and makes those anew that are ended. */
final class Flood implements AutoCloseable {
  private static final long PAUSE_NANOS = 10_000_000;

  private final int port;
  private final int count;
  private final List<SocketChannel> held = new ArrayList<>();
  private final AtomicBoolean full = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Thread thread = new Thread(this::hold, "flood");

  Flood(int port, int count) {
    this.port = port;
    this.count = count;
    thread.start();
  }

  private void hold() {
    while (!over.get()) {
      try {
        for (Iterator<SocketChannel> all = held.iterator(); all.hasNext(); ) {
          SocketChannel channel = all.next();
          if (ended(channel)) {
            channel.close();
            all.remove();
          }
        }
        while (held.size() < count) {
          SocketChannel channel = SocketChannel.open(new InetSocketAddress(Wire.LOOPBACK, port));
          channel.configureBlocking(false);
          held.add(channel);
        }
        full.set(true);
      } catch (IOException e) {
        full.set(false);
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean ended(SocketChannel channel) {
    try {
      return channel.read(ByteBuffer.allocate(1)) != 0;
    } catch (IOException e) {
      return true;
    }
  }

  void awaitFull() {
    await("the flood").atMost(Duration.ofSeconds(30)).untilTrue(full);
  }

  @Override
  public void close() throws Exception {
    over.set(true);
    thread.join();
    for (SocketChannel channel : held) {
      channel.close();
    }
  }
}
