package io.quorate.driver.mesos.scheduler;

import io.quorate.driver.mesos.http.CallAnswer;
import io.quorate.driver.mesos.http.HttpConnection;
import io.quorate.driver.mesos.http.HttpResponseBody;
import io.quorate.driver.mesos.http.MasterCalls;
import io.quorate.driver.mesos.http.RecordStream;
import io.quorate.driver.mesos.wire.WireFields;
import io.quorate.driver.mesos.wire.WireWriter;
import io.quorate.driver.search.LeaderSearch;
import io.quorate.protocol.recordio.RecordIoException;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The connection of Mesos's v1 scheduler library: it finds the leader and says so, the scheduler
 * subscribes and makes its calls, events come as they are. What is called while there is no
 * subscription is dropped, as there. Its methods may be called on any thread; they wait while
 * 10,000 calls wait.
 */
public final class RawLink {
  private static final Logger LOG = Logger.getLogger(RawLink.class.getName());
  private static final int WAITING_MAX = 10_000;
  private static final long CALL_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);

  private final MasterCalls masters;
  private final RawSink sink;
  private final BlockingQueue<Runnable> callbacks = new LinkedBlockingQueue<>(WAITING_MAX);
  private final BlockingQueue<byte[]> subscriptions = new LinkedBlockingQueue<>(1);
  private final BlockingQueue<byte[]> calls = new LinkedBlockingQueue<>(WAITING_MAX);

  /** Used under its own lock. */
  private final LeaderSearch search;

  private volatile String leader = "";
  private volatile String streamId = "";
  private volatile HttpConnection streaming;

  /** Does nothing before the start. */
  public RawLink(LeaderSearch search, MasterCalls masters, RawSink sink) {
    this.search = search;
    this.masters = masters;
    this.sink = sink;
  }

  /** Starts the threads, which end with the process. */
  public void start() {
    thread(this::makeCallbacks, "mesos-v1-callbacks").start();
    thread(this::sendCalls, "mesos-v1-calls").start();
    thread(this::connectForEver, "mesos-v1-stream").start();
  }

  private interface Loop {
    void run() throws InterruptedException;
  }

  private static Thread thread(Loop loop, String name) {
    Thread thread =
        new Thread(
            () -> {
              try {
                loop.run();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.setDaemon(true);
    return thread;
  }

  /** Sends a call. */
  public void send(byte[] call) {
    try {
      if (WireFields.parse(call).number(2, 0) == SchedulerCalls.SUBSCRIBE) {
        if (!leader.isEmpty()) {
          subscriptions.clear();
          subscriptions.put(call);
        }
      } else if (!streamId.isEmpty()) {
        calls.put(call);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Gives the present connection up, and looks for the leader again. */
  public void reconnect() {
    HttpConnection open = streaming;
    if (open != null) {
      open.close();
    }
  }

  private void makeCallbacks() throws InterruptedException {
    while (true) {
      Runnable callback = callbacks.take();
      try {
        callback.run();
      } catch (RuntimeException thrown) {
        LOG.log(Level.SEVERE, "a callback of the scheduler threw", thrown);
      }
    }
  }

  private void sendCalls() throws InterruptedException {
    HttpConnection connection = null;
    String connected = "";
    while (true) {
      byte[] call = calls.take();
      String master = leader;
      try {
        if (connection == null || !master.equals(connected)) {
          if (connection != null) {
            connection.close();
          }
          connection = masters.open(master);
          connected = master;
        }
        CallAnswer answer = masters.send(connection, call, streamId, CALL_NANOS_MAX);
        if (answer.status() / 100 != 2) {
          LOG.warning("the master refused a call: " + answer.status() + " " + answer.body());
        }
      } catch (IOException | RuntimeException e) {
        LOG.log(Level.WARNING, e, () -> "a call to " + master + " was not answered");
        connected = "";
      }
    }
  }

  private void connectForEver() throws InterruptedException {
    while (true) {
      long pauseMillis;
      String master;
      synchronized (search) {
        pauseMillis = search.pauseMillis();
      }
      TimeUnit.MILLISECONDS.sleep(pauseMillis);
      synchronized (search) {
        master = search.attempt(System.nanoTime());
      }
      try {
        String found = LeaderSearch.target(masters.leader(master));
        if (!found.isEmpty()) {
          follow(found);
        }
      } catch (IOException | IllegalArgumentException | RecordIoException e) {
        LOG.log(Level.FINE, e, () -> "the connection with " + master + " ended");
      }
      synchronized (search) {
        search.later();
      }
    }
  }

  /** With one leader, from {@code connected} to {@code disconnected}. */
  private void follow(String found) throws IOException, InterruptedException {
    subscriptions.clear();
    leader = found;
    callbacks.put(sink::connected);
    synchronized (search) {
      search.answered(307, found, System.nanoTime());
      search.attempt(System.nanoTime());
    }
    try {
      byte[] subscribe = subscriptions.poll(1, TimeUnit.SECONDS);
      while (subscribe == null) {
        if (!LeaderSearch.target(masters.leader(found)).equals(found)) {
          return;
        }
        subscribe = subscriptions.poll(1, TimeUnit.SECONDS);
      }
      read(found, subscribe);
    } finally {
      leader = "";
      streamId = "";
      calls.clear();
      callbacks.put(sink::disconnected);
    }
  }

  private void read(String found, byte[] subscribe) throws IOException {
    synchronized (search) {
      search.heard(System.nanoTime());
    }
    try (HttpConnection connection = masters.open(found)) {
      streaming = connection;
      HttpResponseBody answer = masters.subscribe(connection, subscribe, this::watch);
      if (answer.status() == 200) {
        streamId = answer.header("Mesos-Stream-Id");
        RecordStream.read(answer, this::heard, this::event);
      } else if (answer.status() / 100 == 4 && answer.status() != 404 && answer.status() != 429) {
        // The library of Mesos only logs it, and nobody would know why nothing comes.
        WireWriter error = new WireWriter().text(1, answer.text(64 << 10));
        event(new WireWriter().number(1, 7).message(8, error).toBytes());
      }
    } finally {
      streaming = null;
    }
  }

  private void heard() {
    synchronized (search) {
      search.heard(System.nanoTime());
    }
  }

  private void event(byte[] record) {
    WireFields event = WireFields.parse(record);
    if (event.number(1, 0) == 1) {
      synchronized (search) {
        search.subscribed(event.message(2).real(2, 15));
      }
    }
    try {
      callbacks.put(() -> sink.received(record));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void watch() throws IOException {
    synchronized (search) {
      if (search.silent(System.nanoTime())) {
        throw new IOException("silence");
      }
    }
  }
}
