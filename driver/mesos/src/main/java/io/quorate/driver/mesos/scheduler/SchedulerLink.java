package io.quorate.driver.mesos.scheduler;

import io.quorate.driver.mesos.http.CallAnswer;
import io.quorate.driver.mesos.http.HttpConnection;
import io.quorate.driver.mesos.http.HttpResponseBody;
import io.quorate.driver.mesos.http.MasterCalls;
import io.quorate.driver.mesos.http.RecordStream;
import io.quorate.driver.search.LeaderSearch;
import io.quorate.protocol.recordio.RecordIoException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;

/**
 * The threads and sockets around a {@link SchedulerCore}: one thread reads the stream, one sends
 * the calls in order, one makes the callbacks. Its methods may be called on any thread, also from
 * within a callback.
 *
 * <p>At most {@code quorate.driver.calls.max} calls wait to be sent (100,000 unless this system
 * property says otherwise); then the methods wait. As many callbacks wait; then no more is read.
 */
public final class SchedulerLink {
  private static final Logger LOG = Logger.getLogger(SchedulerLink.class.getName());
  private static final int WAITING_MAX = Integer.getInteger("quorate.driver.calls.max", 100_000);
  private static final long CALL_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final long LAST_CALLS_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);
  private static final long REPEAT_MILLIS = 50;
  private static final long WAIT_MILLIS = 1_000;

  /** Under its own lock, and never while the scheduler or the network is waited for. */
  private final SchedulerCore core;

  private final MasterCalls masters;
  private final SchedulerSink sink;
  private final Thread callbacks = thread(this::makeCallbacks, "mesos-driver-callbacks");
  private final Thread calls = thread(this::sendCalls, "mesos-driver-calls");
  private final Thread stream = thread(this::subscribeForEver, "mesos-driver-stream");
  private volatile HttpConnection streaming;
  private volatile HttpConnection calling;

  /** What was complained of last. Of the thread that reads the stream. */
  private String complaint = "";

  /** Under the core's lock: whether a callback runs, and whether the threads are to end. */
  private boolean calledBack;

  private boolean closed;

  /** Does nothing before the start. */
  public SchedulerLink(SchedulerCore core, MasterCalls masters, SchedulerSink sink) {
    this.core = core;
    this.masters = masters;
    this.sink = sink;
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  // -- What the driver's methods do -------------------------------------------------------------

  /** Starts, from any other status than before the start it does nothing. */
  public DriverState start() {
    synchronized (core) {
      if (core.state() == DriverState.NOT_STARTED) {
        core.start();
        callbacks.start();
        calls.start();
        stream.start();
      }
      return core.state();
    }
  }

  /** Starts only to say that it cannot. */
  public DriverState failAtStart(String why) {
    synchronized (core) {
      if (core.state() == DriverState.NOT_STARTED) {
        core.start();
        core.fail(why);
        callbacks.start();
      }
      return core.state();
    }
  }

  /** Does something with the core, waiting while too many calls wait. */
  public DriverState call(Consumer<SchedulerCore> method) {
    synchronized (core) {
      awaitRoom();
      try {
        method.accept(core);
      } finally {
        core.notifyAll();
      }
      return core.state();
    }
  }

  private void awaitRoom() {
    boolean interrupted = false;
    while (core.state() == DriverState.RUNNING
        && core.waitingCalls() >= WAITING_MAX
        && !interrupted) {
      interrupted = !await(WAIT_MILLIS);
    }
  }

  /**
   * Stops, after the calls that were made before were sent, if that takes less than five seconds.
   */
  public DriverState stop(boolean failover) {
    DriverState stopped;
    synchronized (core) {
      stopped = core.stop(failover);
      core.notifyAll();
      long end = System.nanoTime() + LAST_CALLS_NANOS_MAX;
      while (core.nextCall().isPresent() && System.nanoTime() - end < 0 && calls.isAlive()) {
        if (!await(REPEAT_MILLIS)) {
          break;
        }
      }
    }
    close();
    return stopped;
  }

  /** Aborts: no more callbacks; the master hears that the scheduler is gone. */
  public DriverState abort() {
    DriverState aborted;
    synchronized (core) {
      core.abort();
      aborted = core.state();
    }
    close();
    return aborted;
  }

  /** Waits for the end. Not from within a callback, which would wait for itself. */
  public DriverState join() {
    synchronized (core) {
      boolean interrupted = false;
      while (runs() || lastCallbackIsDue()) {
        interrupted |= !await(WAIT_MILLIS);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return core.state();
    }
  }

  /** Whoever stops the driver still sends what was called before. */
  private boolean runs() {
    return core.state() == DriverState.RUNNING || (core.state() == DriverState.STOPPED && !closed);
  }

  private boolean lastCallbackIsDue() {
    return core.state() == DriverState.ABORTED
        && callbacks.isAlive()
        && Thread.currentThread() != callbacks
        && (calledBack || core.waitingCallbacks() > 0);
  }

  /** Waits on the core; false if the thread was interrupted, which the caller has to hand on. */
  private boolean await(long millis) {
    try {
      core.wait(millis);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void close() {
    synchronized (core) {
      closed = true;
      core.notifyAll();
    }
    hangUp(streaming);
    hangUp(calling);
  }

  private static void hangUp(HttpConnection connection) {
    if (connection != null) {
      connection.close();
    }
  }

  // -- Callbacks --------------------------------------------------------------------------------

  private void makeCallbacks() {
    Optional<SchedulerCallback> next = nextCallback();
    while (next.isPresent()) {
      SchedulerCallback callback = next.get();
      boolean fine = make(callback);
      synchronized (core) {
        calledBack = false;
        if (fine) {
          core.handled(callback);
        } else {
          core.abort();
        }
        core.notifyAll();
      }
      next = nextCallback();
    }
    synchronized (core) {
      // Whoever stopped the driver, perhaps within a callback, still sends what was called before.
      if (core.state() == DriverState.STOPPED) {
        return;
      }
    }
    close();
  }

  private boolean make(SchedulerCallback callback) {
    try {
      callback.to(sink);
      return true;
    } catch (
        Throwable
            thrown) { // Whatever leaves a callback of the user's: it ends the driver, not the JVM.
      LOG.log(Level.SEVERE, "a callback of the scheduler threw; the driver is aborted", thrown);
      return false;
    }
  }

  /** Empty at the end. */
  private Optional<SchedulerCallback> nextCallback() {
    synchronized (core) {
      while (true) {
        Optional<SchedulerCallback> next = core.nextCallback();
        if (next.isPresent()) {
          calledBack = true;
          core.notifyAll();
          return next;
        }
        if (core.state() != DriverState.RUNNING) {
          return Optional.empty();
        }
        if (!await(WAIT_MILLIS)) {
          // Nobody but the scheduler can have interrupted its thread; that is no reason to end.
          Thread.interrupted();
        }
      }
    }
  }

  // -- Calls ------------------------------------------------------------------------------------

  private void sendCalls() {
    String connected = "";
    while (true) {
      OutgoingCall call;
      String streamId;
      String master;
      synchronized (core) {
        while (!core.nextCall().isPresent() && !closed) {
          await(WAIT_MILLIS);
        }
        if (closed) {
          return;
        }
        call = core.nextCall().get();
        streamId = core.streamId();
        master = core.search().asked().orElse("");
      }
      if (!master.equals(connected)) {
        hangUp(calling);
        calling = null;
        connected = master;
      }
      send(call, master, streamId);
    }
  }

  private void send(OutgoingCall call, String master, String streamId) {
    int status = 0;
    String body = "";
    try {
      HttpConnection connection = calling;
      if (connection == null) {
        connection = masters.open(master);
        calling = connection;
      }
      CallAnswer answer = masters.send(connection, call.call(), streamId, CALL_NANOS_MAX);
      status = answer.status();
      body = answer.body();
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.FINE, e, () -> "a call to " + master + " was not answered");
      hangUp(calling);
      calling = null;
    }
    if (status / 100 == 4) {
      LOG.warning("the master refused a call: " + status + " " + body);
    }
    synchronized (core) {
      boolean again = core.answered(call, status, body, streamId);
      core.notifyAll();
      if (again && !closed) {
        await(REPEAT_MILLIS);
      }
    }
  }

  // -- The stream -------------------------------------------------------------------------------

  private void subscribeForEver() {
    while (true) {
      synchronized (core) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(core.search().pauseMillis());
        long left = end - System.nanoTime();
        while (left > 0 && !closed) {
          await(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
          left = end - System.nanoTime();
        }
        if (closed || core.state() != DriverState.RUNNING) {
          return;
        }
      }
      subscribe();
    }
  }

  /** Makes one attempt, and reads its stream to the end. */
  private void subscribe() {
    String master;
    byte[] call;
    synchronized (core) {
      master = core.attempt(System.nanoTime());
      call = core.subscription();
    }
    try (HttpConnection connection = masters.open(master)) {
      streaming = connection;
      HttpResponseBody answer = masters.subscribe(connection, call, this::watch);
      String body = answer.status() == 200 ? "" : answer.text(64 << 10);
      LeaderSearch.Next next;
      synchronized (core) {
        next =
            core.answered(
                answer.status(),
                answer.header("Location"),
                answer.header("Mesos-Stream-Id"),
                body,
                System.nanoTime());
        core.notifyAll();
      }
      if (next != LeaderSearch.Next.READ) {
        return;
      }
      RecordStream.read(answer, this::heard, this::event);
    } catch (IOException | IllegalArgumentException | RecordIoException e) {
      LOG.log(Level.FINE, e, () -> "the stream of " + master + " ended");
      complain(master, e);
    } finally {
      streaming = null;
    }
    synchronized (core) {
      core.broke();
      core.notifyAll();
    }
  }

  /** Says once what does not pass by itself: what an address or a certificate has wrong. */
  private void complain(String master, Exception failure) {
    boolean lasting = failure instanceof SSLException || failure instanceof UnknownHostException;
    String what = master + ": " + failure;
    if (lasting && !what.equals(complaint)) {
      complaint = what;
      LOG.warning("no connection to the master at " + what);
    }
  }

  private void heard() {
    synchronized (core) {
      core.search().heard(System.nanoTime());
    }
  }

  private void event(byte[] record) {
    synchronized (core) {
      while (core.waitingCallbacks() >= WAITING_MAX && !closed) {
        await(WAIT_MILLIS);
      }
      core.event(record);
      core.search().heard(System.nanoTime());
      core.notifyAll();
    }
  }

  /** Ends a connection that is silent, or whose master does not lead any more. */
  private void watch() throws IOException {
    Optional<String> other;
    synchronized (core) {
      if (closed || core.search().silent(System.nanoTime())) {
        throw new IOException("silence");
      }
      other = core.search().doubts(System.nanoTime());
    }
    if (other.isPresent()) {
      String location;
      try {
        location = masters.leader(other.get());
      } catch (IOException e) {
        return; // It knows nothing; another is asked the next time.
      }
      synchronized (core) {
        if (core.search().deposed(location)) {
          throw new IOException(location + " leads");
        }
      }
    }
  }
}
