package io.quorate.master.leader;

import io.quorate.log.OverloadedException;
import io.quorate.master.event.Call;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * The calls that wait, in the order in which they came, and the bound on them.
 *
 * <p>A client's call has a place from the moment it is handed in until it is answered: while it is
 * handed over, while it is in the queue, and while the entry that holds it is in flight. Places are
 * bounded in calls and in bytes ({@link LoopSettings.Bounds}); without a place a call is turned
 * away and was not done.
 *
 * <p>The leader's own calls must not be lost, so that they need no place. They are bounded because
 * there is at most one of a kind for what it is about: a later one takes the place of one that
 * still waits. What can wait of them is one confirmation and one mark for each agent, one end for
 * each stream and link that was open, one round of proposals, and one call for the timers.
 *
 * <p>Any thread may ask for a place; the queue belongs to the core thread.
 */
final class WaitingCalls {
  private final LoopSettings.Bounds bounds;
  private final LinkedHashMap<Object, Pending> queue = new LinkedHashMap<>();
  private int places;
  private long bytes;
  private long proposals;

  WaitingCalls(LoopSettings.Bounds bounds) {
    this.bounds = bounds;
  }

  /**
   * Gives a client's call a place, which it keeps until it is answered.
   *
   * @return why there is none; empty if it has one
   */
  Optional<OverloadedException> enter(Pending pending) {
    int size = pending.call().getSerializedSize();
    synchronized (this) {
      if (places >= bounds.waitingCallsMax()) {
        return Optional.of(
            new OverloadedException(bounds.waitingCallsMax() + " calls are waiting already"));
      }
      if (bytes + size > bounds.waitingBytesMax()) {
        return Optional.of(
            new OverloadedException(
                "calls of " + bytes + " bytes are waiting, of " + bounds.waitingBytesMax()));
      }
      places++;
      bytes += size;
    }
    pending.answer().whenComplete((answer, failure) -> leave(size));
    return Optional.empty();
  }

  private synchronized void leave(int size) {
    places--;
    bytes -= size;
  }

  /** How many calls of clients have a place now. */
  synchronized int places() {
    return places;
  }

  // -- The queue --------------------------------------------------------------------------------

  /** Queues a client's call, which has a place. */
  void add(Pending pending) {
    queue.put(pending, pending);
  }

  /**
   * Queues a call of the leader's own. One that still waits about the same thing goes, and both are
   * answered as one.
   */
  CompletableFuture<Answer> addOwn(Call call) {
    Pending pending =
        queue.merge(
            subject(call),
            new Pending(call, new CompletableFuture<>()),
            (earlier, later) -> new Pending(later.call(), earlier.answer()));
    return pending.answer();
  }

  /** What a call of the leader's own is about. */
  private Object subject(Call call) {
    Object about =
        switch (call.getWhatCase()) {
          case CONFIRM_COMMANDS -> call.getConfirmCommands().getAgentId();
          case MARK_UNREACHABLE -> call.getMarkUnreachable().getAgentId();
          case CLOSE_STREAM -> call.getCloseStream().getStreamId();
          case CLOSE_LINK -> call.getCloseLink().getLinkId();
          // The next round waits until all proposals of this one are decided.
          case PROPOSE_OFFERS -> ++proposals;
          default -> "";
        };
    return List.of(call.getWhatCase(), about);
  }

  boolean isEmpty() {
    return queue.isEmpty();
  }

  /** Takes from the front as many calls as fit into one entry: one at least. */
  List<Pending> takeBatch() {
    List<Pending> batch = new ArrayList<>();
    long size = 0;
    var waiting = queue.values().iterator();
    while (waiting.hasNext() && batch.size() < bounds.callsPerEntryMax()) {
      Pending pending = waiting.next();
      size += pending.call().getSerializedSize();
      if (!batch.isEmpty() && size > bounds.bytesPerEntryMax()) {
        break;
      }
      batch.add(pending);
      waiting.remove();
    }
    return batch;
  }

  /** Takes all calls: nothing of them will be decided. */
  List<Pending> takeAll() {
    List<Pending> all = List.copyOf(queue.values());
    queue.clear();
    return all;
  }
}
