package io.quorate.driver.mesos.executor;

import io.quorate.driver.mesos.http.CallAnswer;
import io.quorate.driver.mesos.http.HttpConnection;
import io.quorate.driver.mesos.http.HttpResponseBody;
import io.quorate.driver.mesos.http.MasterCalls;
import io.quorate.driver.mesos.http.RecordStream;
import io.quorate.driver.mesos.scheduler.DriverState;
import io.quorate.protocol.recordio.RecordIoException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The threads and sockets around an {@link ExecutorCore}: one thread reads the agent's stream, one
 * sends the calls in order, one makes the callbacks. Its methods may be called on any thread.
 */
public final class ExecutorLink {
  private static final Logger LOG = Logger.getLogger(ExecutorLink.class.getName());
  private static final int WAITING_MAX = Integer.getInteger("quorate.driver.calls.max", 100_000);
  private static final long CALL_NANOS_MAX = TimeUnit.SECONDS.toNanos(30);
  private static final long LAST_CALLS_NANOS_MAX = TimeUnit.SECONDS.toNanos(5);

  /** Five of the agent's heartbeats, which come every 15 seconds or more often. */
  private static final long SILENCE_NANOS_MAX = TimeUnit.SECONDS.toNanos(75);

  private static final long ATTEMPT_MILLIS = 500;
  private static final long REPEAT_MILLIS = 50;
  private static final long WAIT_MILLIS = 1_000;

  /** Under its own lock, and never while the executor or the network is waited for. */
  private final ExecutorCore core;

  private final ExecutorEnvironment environment;
  private final MasterCalls agent;
  private final ExecutorSink sink;
  private final Thread callbacks = thread(this::makeCallbacks, "mesos-executor-callbacks");
  private final Thread calls = thread(this::sendCalls, "mesos-executor-calls");
  private final Thread stream = thread(this::subscribeForEver, "mesos-executor-stream");
  private volatile HttpConnection streaming;
  private volatile HttpConnection calling;
  private volatile long heardNanos;

  /** Under the core's lock: whether a callback runs, and whether the threads are to end. */
  private boolean calledBack;

  private boolean closed;

  /** Does nothing before the start. */
  public ExecutorLink(ExecutorEnvironment environment, MasterCalls agent, ExecutorSink sink) {
    this.core = new ExecutorCore(environment);
    this.environment = environment;
    this.agent = agent;
    this.sink = sink;
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  // -- What the driver's methods do -------------------------------------------------------------

  /** Starts; from any other status than before the start it does nothing. */
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

  /**
   * Stops, after the calls that were made before were sent, if that takes less than five seconds.
   */
  public DriverState stop() {
    DriverState stopped;
    synchronized (core) {
      stopped = core.stop();
      core.notifyAll();
      long end = System.nanoTime() + LAST_CALLS_NANOS_MAX;
      while (core.waitingCalls() > 0 && System.nanoTime() - end < 0 && calls.isAlive()) {
        if (!await(REPEAT_MILLIS)) {
          break;
        }
      }
    }
    close();
    return stopped;
  }

  /** Aborts: no more callbacks. */
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

  /** Tells the state of a task. */
  public DriverState update(byte[] status) {
    UUID uuid = UUID.randomUUID();
    byte[] bytes =
        ByteBuffer.allocate(2 * Long.BYTES)
            .putLong(uuid.getMostSignificantBits())
            .putLong(uuid.getLeastSignificantBits())
            .array();
    synchronized (core) {
      awaitRoom();
      core.update(status, bytes, System.currentTimeMillis() / 1e3);
      core.notifyAll();
      return core.state();
    }
  }

  /** Sends a message to the scheduler. */
  public DriverState message(byte[] data) {
    synchronized (core) {
      awaitRoom();
      core.message(data);
      core.notifyAll();
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
    Optional<ExecutorCallback> next = nextCallback();
    while (next.isPresent()) {
      boolean fine = make(next.get());
      if (next.get().then() == ExecutorCallback.Then.END_PROCESS && !environment.local()) {
        endProcess();
      }
      synchronized (core) {
        calledBack = false;
        if (!fine) {
          core.abort();
        }
        core.notifyAll();
      }
      next = nextCallback();
    }
    synchronized (core) {
      // An executor that stopped itself within a callback waits there until its calls were sent.
      if (core.state() == DriverState.STOPPED) {
        return;
      }
    }
    close();
  }

  private boolean make(ExecutorCallback callback) {
    try {
      callback.to(sink);
      return true;
    } catch (
        Throwable
            thrown) { // Whatever leaves a callback of the user's: it ends the driver, not the JVM.
      LOG.log(Level.SEVERE, "a callback of the executor threw; the driver is aborted", thrown);
      return false;
    }
  }

  /** Empty at the end. */
  private Optional<ExecutorCallback> nextCallback() {
    synchronized (core) {
      while (true) {
        Optional<ExecutorCallback> next = core.nextCallback();
        if (next.isPresent()) {
          calledBack = true;
          core.notifyAll();
          return next;
        }
        if (core.state() != DriverState.RUNNING) {
          return Optional.empty();
        }
        if (!await(WAIT_MILLIS)) {
          // Nobody but the executor can have interrupted its thread; that is no reason to end.
          Thread.interrupted();
        }
      }
    }
  }

  /** As Mesos does: who was told to shut down, and does not end, is ended. */
  private void endProcess() {
    thread(
            () -> {
              try {
                TimeUnit.NANOSECONDS.sleep(environment.graceNanos());
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              Runtime.getRuntime().halt(1);
            },
            "mesos-executor-shutdown")
        .start();
  }

  // -- Calls ------------------------------------------------------------------------------------

  private void sendCalls() {
    while (true) {
      byte[] call;
      synchronized (core) {
        while (!core.nextCall().isPresent() && !closed) {
          await(WAIT_MILLIS);
        }
        if (closed) {
          return;
        }
        call = core.nextCall().get();
      }
      send(call);
    }
  }

  private void send(byte[] call) {
    int status = 0;
    try {
      HttpConnection connection = calling;
      if (connection == null) {
        connection = agent.open(environment.agent());
        calling = connection;
      }
      CallAnswer answer = agent.send(connection, call, "", CALL_NANOS_MAX);
      status = answer.status();
      if (status / 100 == 4) {
        LOG.warning("the agent refused a call: " + status + " " + answer.body());
      }
    } catch (IOException | RuntimeException e) {
      LOG.log(Level.FINE, e, () -> "a call to the agent was not answered");
      hangUp(calling);
      calling = null;
    }
    synchronized (core) {
      boolean again = core.answered(call, status);
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
        if (closed || !core.attempts()) {
          return;
        }
      }
      subscribe();
      synchronized (core) {
        if (!closed && core.attempts()) {
          await(ATTEMPT_MILLIS);
        }
      }
    }
  }

  /** Makes one attempt, and reads its stream to the end. */
  private void subscribe() {
    byte[] call;
    synchronized (core) {
      call = core.subscription();
    }
    heardNanos = System.nanoTime();
    int status = 0;
    String body = "";
    try (HttpConnection connection = agent.open(environment.agent())) {
      streaming = connection;
      HttpResponseBody answer = agent.subscribe(connection, call, this::watch);
      status = answer.status();
      if (status == 200) {
        RecordStream.read(answer, () -> heardNanos = System.nanoTime(), this::event);
      } else {
        body = answer.text(64 << 10);
      }
    } catch (IOException | IllegalArgumentException | RecordIoException e) {
      LOG.log(Level.FINE, e, () -> "the stream of the agent ended");
    } finally {
      streaming = null;
    }
    synchronized (core) {
      if (status == 200 || status == 0) {
        core.broke(System.nanoTime());
      } else {
        core.refused(status, body, System.nanoTime());
      }
      core.notifyAll();
    }
  }

  private void event(byte[] record) {
    synchronized (core) {
      while (core.waitingCallbacks() >= WAITING_MAX && !closed) {
        await(WAIT_MILLIS);
      }
      core.event(record);
      core.notifyAll();
    }
  }

  private void watch() throws IOException {
    if (System.nanoTime() - heardNanos > SILENCE_NANOS_MAX) {
      throw new IOException("silence");
    }
  }
}
