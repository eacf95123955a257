package io.quorate.log.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.Task;
import com.alipay.sofa.jraft.error.RaftError;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
import io.quorate.log.Position;
import io.quorate.log.wire.Envelope;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;

/** The entries underway: bounded in number and bytes, each answered once, on our own pool. */
final class Appends {
  /** JRaft takes an entry of this term in whichever term it is in. */
  static final long ANY_TERM = -1;

  private final int entriesMax;
  private final long bytesMax;
  private final Executor answers;
  private final Set<Append> underway = ConcurrentHashMap.newKeySet();
  private int entries;
  private long bytes;

  /**
   * @param entriesMax appended and not yet answered
   * @param bytesMax of those; a single entry that is larger goes alone
   * @param answers completes the futures
   */
  Appends(int entriesMax, long bytesMax, Executor answers) {
    this.entriesMax = entriesMax;
    this.bytesMax = bytesMax;
    this.answers = answers;
  }

  CompletableFuture<Position> append(Node node, long term, Envelope envelope) {
    byte[] data = envelope.toByteArray();
    if (!enter(data.length)) {
      return CompletableFuture.failedFuture(
          new OverloadedException(
              "too much is in flight: the most is "
                  + entriesMax
                  + " entries and "
                  + bytesMax
                  + " bytes"));
    }
    Append append = new Append(data.length);
    underway.add(append);
    Task task = new Task(ByteBuffer.wrap(data), append);
    task.setExpectedTerm(term);
    try {
      node.apply(task);
    } catch (RuntimeException e) {
      append.run(new Status(RaftError.EBUSY, "%s", e));
    }
    return append.future;
  }

  /** The node is down: nobody will answer what is left. */
  void stop() {
    List.copyOf(underway)
        .forEach(closure -> closure.run(new Status(RaftError.ESTOP, "this member has stopped")));
  }

  private synchronized boolean enter(int size) {
    if (entries >= entriesMax || (entries > 0 && bytes + size > bytesMax)) {
      return false;
    }
    entries++;
    bytes += size;
    return true;
  }

  private synchronized void leave(int size) {
    entries--;
    bytes -= size;
  }

  /** One entry underway. JRaft runs it when it failed, the state machine when it was applied. */
  final class Append implements Closure {
    private final CompletableFuture<Position> future = new CompletableFuture<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final int size;

    private Append(int size) {
      this.size = size;
    }

    void appliedAt(Position where) {
      end(() -> future.complete(where));
    }

    @Override
    public void run(Status status) {
      end(() -> future.completeExceptionally(failure(status)));
    }

    private void end(Runnable answer) {
      if (over.compareAndSet(false, true)) {
        underway.remove(this);
        leave(size);
        answers.execute(answer);
      }
    }
  }

  /**
   * JRaft tells by these errors that it did not append: EBUSY (queue full, or handing over the
   * lead), ENODESHUTDOWN, and EPERM with either of two texts. EPERM is also what an appended entry
   * fails with when the lead is lost; there nobody can tell.
   */
  static RuntimeException failure(Status status) {
    RaftError error = status.getRaftError();
    String message = error + ": " + status.getErrorMsg();
    return switch (error) {
      case EBUSY -> new OverloadedException(message);
      case ENODESHUTDOWN -> new NotLeaderException(message);
      case EPERM ->
          message.contains("expected_term") || message.contains("Is not leader")
              ? new NotLeaderException(message)
              : new OutcomeUnknownException(message);
      default -> new OutcomeUnknownException(message);
    };
  }
}
