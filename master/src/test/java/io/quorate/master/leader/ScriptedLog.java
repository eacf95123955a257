package io.quorate.master.leader;

import io.quorate.log.LogStatus;
import io.quorate.log.MemberProgress;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BiConsumer;

/**
 * A log of one member in which each entry commits, or fails, when the test says so. It applies and
 * answers on a thread of its own, which is named {@value #THREAD}.
 */
final class ScriptedLog implements ReplicatedLog {
  static final String THREAD = "scripted-log";

  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(task -> new Thread(task, THREAD));
  private final ArrayDeque<Appended> waiting = new ArrayDeque<>();
  private final MasterMachine machine;
  private boolean stalled;
  private long index;

  private record Appended(long term, byte[] payload, CompletableFuture<Position> done) {}

  ScriptedLog(MasterMachine machine) {
    this.machine = machine;
  }

  /** From now on no entry commits by itself. */
  synchronized void stall() {
    stalled = true;
  }

  /** What waits commits, and so does what comes later, at once. */
  void flow() {
    synchronized (this) {
      stalled = false;
    }
    while (waitingEntries() > 0) {
      commitNext();
    }
  }

  /** How many entries were appended and are neither committed nor failed. */
  synchronized int waitingEntries() {
    return waiting.size();
  }

  @Override
  public synchronized CompletableFuture<Position> append(long term, byte[] payload) {
    Appended entry = new Appended(term, payload, new CompletableFuture<>());
    if (stalled || !waiting.isEmpty()) {
      waiting.add(entry);
    } else {
      thread.execute(() -> commit(entry));
    }
    return entry.done();
  }

  /** The oldest entry that waits is committed, applied and answered. */
  void commitNext() {
    Appended entry = next();
    onThread(() -> commit(entry));
  }

  /** The oldest entry that waits is lost: it is never applied. */
  void failNext(RuntimeException why) {
    Appended entry = next();
    onThread(() -> entry.done().completeExceptionally(why));
  }

  private synchronized Appended next() {
    return waiting.remove();
  }

  private void commit(Appended entry) {
    Position position = new Position(entry.term(), ++index);
    machine.apply(position, entry.payload(), new NoRows());
    entry.done().complete(position);
  }

  private void onThread(Runnable what) {
    try {
      thread.submit(what).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows are of no interest here. */
  static final class NoRows implements RowWriter, RowReader {
    @Override
    public void put(String table, byte[] key, byte[] value) {}

    @Override
    public void delete(String table, byte[] key) {}

    @Override
    public void forEach(String table, BiConsumer<byte[], byte[]> visitor) {}

    @Override
    public void forEach(String table, byte[] from, byte[] to, BiConsumer<byte[], byte[]> visitor) {}
  }

  @Override
  public CompletableFuture<Long> readBarrier() {
    CompletableFuture<Long> done = new CompletableFuture<>();
    thread.execute(() -> done.complete(index));
    return done;
  }

  @Override
  public RowReader rows() {
    return new NoRows();
  }

  @Override
  public LogStatus status() {
    return new LogStatus("m", "m", true, 1, 0, 0, 0, "", "", List.of("m"));
  }

  @Override
  public CompletableFuture<List<MemberProgress>> progress() {
    throw new UnsupportedOperationException("the loop does not use it");
  }

  @Override
  public CompletableFuture<Void> transferLeadership(String member) {
    throw new UnsupportedOperationException("the loop does not use it");
  }

  @Override
  public CompletableFuture<Void> changeMembers(List<String> members) {
    throw new UnsupportedOperationException("the loop does not use it");
  }

  @Override
  public CompletableFuture<Void> snapshot() {
    throw new UnsupportedOperationException("the loop does not use it");
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
