package org.apache.mesos;

import io.quorate.driver.mesos.variable.LogVariables;
import io.quorate.driver.mesos.variable.QuorumVariables;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Mesos's replicated log, kept as variables in the masters of Quorate (docs/variables.md), whose
 * bounds hold for it: truncate it. There are no replicas of its own, so that the size of their
 * quorum and the path on disk say nothing but the log's name.
 */
public class Log {
  private static final long PATIENCE_SECONDS = 30;

  private LogVariables log;

  /**
   * A log.
   *
   * @param pids the masters, {@code host:port} with or without a name and {@code @} before
   */
  public Log(int quorum, String path, Set<String> pids) {
    initialize(quorum, path, pids);
  }

  /**
   * A log.
   *
   * @param servers the masters, in place of ZooKeeper's
   */
  public Log(int quorum, String path, String servers, long timeout, TimeUnit unit, String znode) {
    initialize(quorum, path, servers, timeout, unit, znode);
  }

  /** The same, with {@code principal:secret}; the scheme is HTTP Basic whatever it says. */
  public Log(
      int quorum,
      String path,
      String servers,
      long timeout,
      TimeUnit unit,
      String znode,
      String scheme,
      byte[] credentials) {
    initialize(quorum, path, servers, timeout, unit, znode, scheme, credentials);
  }

  /** Opens the log. */
  protected void initialize(int quorum, String path, Set<String> pids) {
    List<String> masters = new ArrayList<>();
    for (String pid : pids) {
      masters.add(pid.substring(pid.indexOf('@') + 1));
    }
    log =
        new LogVariables(
            QuorumVariables.open(
                String.join(",", masters), TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), path));
  }

  /** Opens the log. */
  protected void initialize(
      int quorum, String path, String servers, long timeout, TimeUnit unit, String znode) {
    log = new LogVariables(QuorumVariables.open(servers, unit.toNanos(timeout), znode));
  }

  /** Opens the log, and logs in. */
  protected void initialize(
      int quorum,
      String path,
      String servers,
      long timeout,
      TimeUnit unit,
      String znode,
      String scheme,
      byte[] credentials) {
    log =
        new LogVariables(QuorumVariables.open(servers, unit.toNanos(timeout), znode, credentials));
  }

  /** The position of this identity. */
  public Position position(byte[] identity) {
    return new Position(ByteBuffer.wrap(identity).getLong());
  }

  /** Does something with the log, on a thread of its own that is not waited for beyond the time. */
  private static <T> T within(Callable<T> what, long timeout, TimeUnit unit)
      throws TimeoutException, IOException {
    FutureTask<T> task = new FutureTask<>(what);
    Thread thread = new Thread(task, "mesos-log");
    thread.setDaemon(true);
    thread.start();
    try {
      return task.get(timeout, unit);
    } catch (TimeoutException e) {
      task.cancel(true);
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IOException(e.getCause().getMessage(), e.getCause());
    }
  }

  /** A place in a log, ordered. */
  public static class Position implements Comparable<Position> {
    private final long value;

    /** For what a log says of itself. */
    public Position(long value) {
      this.value = value;
    }

    @Override
    public int compareTo(Position other) {
      return Long.compare(value, other.value);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Position && value == ((Position) other).value;
    }

    @Override
    public int hashCode() {
      return Long.hashCode(value);
    }

    @Override
    public String toString() {
      return "Position " + value;
    }

    /** Eight bytes, in the order of positions. */
    public byte[] identity() {
      return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }
  }

  /** What was appended, and where. */
  public static class Entry {
    public final Position position;
    public final byte[] data;

    /** An entry. */
    public Entry(Position position, byte[] data) {
      this.position = position;
      this.data = data;
    }
  }

  /** A reading did not come about. */
  public static class OperationFailedException extends Exception {
    private static final long serialVersionUID = 1;

    public OperationFailedException(String message) {
      super(message);
    }

    public OperationFailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Another writer took over, or it is not known what became of an append: make a new writer. */
  public static class WriterFailedException extends Exception {
    private static final long serialVersionUID = 1;

    public WriterFailedException(String message) {
      super(message);
    }

    public WriterFailedException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Reads what was appended, also by others. */
  public static class Reader {
    private Log of;

    public Reader(Log log) {
      initialize(log);
    }

    /** What is between two positions, both included. */
    public List<Entry> read(Position from, Position to, long timeout, TimeUnit unit)
        throws TimeoutException, OperationFailedException {
      try {
        List<Entry> entries = new ArrayList<>();
        List<LogVariables.Entry> all =
            within(() -> of.log.read(from.value, to.value), timeout, unit);
        for (LogVariables.Entry entry : all) {
          entries.add(new Entry(new Position(entry.position()), entry.data()));
        }
        return entries;
      } catch (IOException e) {
        throw new OperationFailedException(e.getMessage(), e);
      }
    }

    /** The first position. */
    public Position beginning() {
      return now(() -> of.log.beginning());
    }

    /** The last position. */
    public Position ending() {
      return now(() -> of.log.ending());
    }

    /** The last position: a read is always up to date. */
    public Position catchup(long timeout, TimeUnit unit)
        throws TimeoutException, OperationFailedException {
      try {
        return new Position(within(() -> of.log.ending(), timeout, unit));
      } catch (IOException e) {
        throw new OperationFailedException(e.getMessage(), e);
      }
    }

    private static Position now(Callable<Long> position) {
      try {
        return new Position(within(position, 2 * PATIENCE_SECONDS, TimeUnit.SECONDS));
      } catch (IOException | TimeoutException e) {
        throw new IllegalStateException("no master says where the log is", e);
      }
    }

    /** Opens the reader. */
    protected void initialize(Log log) {
      of = log;
    }
  }

  /** The one that appends; who was before it cannot append any more. */
  public static class Writer {
    private Log of;
    private long next;
    private Optional<String> failed = Optional.empty();

    /**
     * Takes the log over.
     *
     * @param retries how often, if others do the same
     */
    public Writer(Log log, long timeout, TimeUnit unit, int retries) {
      initialize(log, timeout, unit, retries);
    }

    /** Appends, and gives the position. */
    public synchronized Position append(byte[] data, long timeout, TimeUnit unit)
        throws TimeoutException, WriterFailedException {
      byte[] copy = data.clone();
      long position = next;
      boolean done = write(() -> of.log.append(position, copy), timeout, unit);
      if (!done) {
        failed = Optional.of("another writer took the log over");
        throw new WriterFailedException(failed.get());
      }
      next++;
      return new Position(position);
    }

    /** Removes what is before a position, and gives the last one. */
    public synchronized Position truncate(Position to, long timeout, TimeUnit unit)
        throws TimeoutException, WriterFailedException {
      if (to.value >= next) {
        throw new WriterFailedException("the log does not reach to " + to);
      }
      write(
          () -> {
            of.log.truncate(to.value);
            return true;
          },
          timeout,
          unit);
      return new Position(next - 1);
    }

    private boolean write(Callable<Boolean> what, long timeout, TimeUnit unit)
        throws TimeoutException, WriterFailedException {
      if (failed.isPresent()) {
        throw new WriterFailedException(failed.get());
      }
      try {
        return within(what, timeout, unit);
      } catch (TimeoutException e) {
        failed = Optional.of("an earlier write was not answered in time");
        throw e;
      } catch (IOException e) {
        failed = Optional.of("an earlier write failed: " + e.getMessage());
        throw new WriterFailedException(e.getMessage(), e);
      }
    }

    /** Takes the log over. */
    protected void initialize(Log log, long timeout, TimeUnit unit, int retries) {
      of = log;
      try {
        Optional<Long> own = within(() -> of.log.takeOver(retries + 1), timeout, unit);
        next = own.orElse(0L) + 1;
        failed = own.isPresent() ? Optional.empty() : Optional.of("others took the log over");
      } catch (IOException | TimeoutException e) {
        failed = Optional.of("the log could not be taken over: " + e.getMessage());
      }
    }
  }
}
