package io.quorate.master.http.face;

import com.google.protobuf.MessageLite;
import io.quorate.master.event.Call;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.json.MediaType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** An exchange that writes down what a face core does, and does what a test says. */
public final class RecordedExchange<E extends MessageLite> implements Exchange<E> {
  /** The whole answers, or the head of the stream. */
  public final List<Reply> replies = new ArrayList<>();

  /** The events that were written. */
  public final List<E> written = new ArrayList<>();

  /** The calls that were put into the master's core. */
  public final List<Call> submitted = new ArrayList<>();

  /** After how long what waits is due. */
  public final List<Long> timers = new ArrayList<>();

  /** How the connection ended: "end", "cut", or empty. */
  public String ended = "";

  private final ArrayDeque<BiConsumer<Answer, Throwable>> unanswered = new ArrayDeque<>();
  private final ArrayDeque<Runnable> due = new ArrayDeque<>();
  private Reader reader;

  // -- What the test does -------------------------------------------------------------------------

  /** The master's core accepts the oldest call that waits. */
  public void accept() {
    unanswered.remove().accept(new Answer.Accepted(), null);
  }

  /** The master's core answers the oldest call that waits. */
  public void answerWith(Answer answer) {
    unanswered.remove().accept(answer, null);
  }

  /** The master's core cannot answer the oldest call that waits. */
  public void fail(Throwable failure) {
    unanswered.remove().accept(null, failure);
  }

  /** The oldest timer is due. */
  public void timerDue() {
    due.remove().run();
  }

  /** The client closes its side. */
  public void leave() {
    reader.left();
  }

  /** The client reads some bytes. */
  public void read(int bytes) {
    reader.read(bytes);
  }

  /** Returns the only answer. */
  public Reply reply() {
    if (replies.size() != 1) {
      throw new AssertionError("expected one answer: " + replies);
    }
    return replies.get(0);
  }

  // -- What the core does -------------------------------------------------------------------------

  @Override
  public void answer(Reply reply) {
    replies.add(reply);
  }

  @Override
  public void begin(Reply head, MediaType type) {
    replies.add(head.with("Content-Type", type.text()));
  }

  @Override
  public void attach(Reader told) {
    reader = told;
  }

  @Override
  public int write(E event) {
    written.add(event);
    return event.getSerializedSize();
  }

  @Override
  public void end() {
    ended = "end";
  }

  @Override
  public void cut() {
    ended = "cut";
  }

  @Override
  public void submit(Call call, BiConsumer<Answer, Throwable> then) {
    submitted.add(call);
    unanswered.add(then);
  }

  @Override
  public void after(long nanos, Runnable part) {
    timers.add(nanos);
    due.add(part);
  }

  @Override
  public <T> void aside(Supplier<T> slow, Consumer<T> then) {
    then.accept(slow.get());
  }
}
