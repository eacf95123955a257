package io.quorate.master.http.face;

import com.google.protobuf.MessageLite;
import io.quorate.master.event.Call;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.json.MediaType;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One request, and the connection that it came on, as a face core uses them. The server does it on
 * a real connection and the simulator on a simulated one. All that is handed over runs later, on
 * the thread of the face, and an exception in it is answered 500.
 *
 * @param <E> the event message of the face
 */
public interface Exchange<E extends MessageLite> extends EventStream.Wire<E> {

  /** The end of a stream that the client sees. */
  interface Reader {
    /** The client took this many bytes of what was written. */
    void read(int bytes);

    /** The client closed its side. */
    void left();
  }

  /** Answers the request; nothing follows. */
  void answer(Reply reply);

  /** Begins an answer that is a stream of events. */
  void begin(Reply head, MediaType type);

  /** Says who is told from here on what becomes of the connection. */
  void attach(Reader reader);

  /**
   * Puts a call into the master's core.
   *
   * @param then gets the answer, or why there is none, exactly once, even if the client has left
   */
  void submit(Call call, BiConsumer<Answer, Throwable> then);

  /** Runs a part after a while, unless the connection is closed by then. */
  void after(long nanos, Runnable part);

  /** Computes what may block on another thread, and hands the result over. */
  <T> void aside(Supplier<T> slow, Consumer<T> then);
}
