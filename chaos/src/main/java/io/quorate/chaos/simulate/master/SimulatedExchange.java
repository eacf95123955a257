package io.quorate.chaos.simulate.master;

import com.google.protobuf.MessageLite;
import io.quorate.chaos.simulate.world.World;
import io.quorate.master.event.Call;
import io.quorate.master.http.face.Exchange;
import io.quorate.master.http.face.Reply;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.json.MediaType;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One connection to a simulated master, and its two ends: it performs what a face core decides,
 * with the delays of a network. What is sent on it keeps its order, and may get lost.
 *
 * @param <E> the event message of the face
 */
public final class SimulatedExchange<E extends MessageLite> implements Exchange<E> {
  private static final int ANSWERS_LOST_ONE_IN = 40;

  private final World world;
  private final Client<E> client;

  /** Null before the connection is made. */
  private SimulatedServer server;

  private Reader reader;

  /** Of a call that is answered at once, the answer. */
  private boolean losesAnswer;

  /** Nothing comes through any more, and neither side knows. */
  private boolean mute;

  /** The client's end of it is closed, or the master's process is gone. */
  private boolean over;

  private long lastAt;

  SimulatedExchange(World world, Client<E> client) {
    this.world = world;
    this.client = client;
  }

  /** The client's end. */
  public interface Client<E> {
    /** A whole answer came, or the head of a stream. */
    void answered(Reply reply);

    /** An event came on the stream. */
    void event(E event);

    /** Nothing more comes: the connection was refused or reset, or the answer has ended. */
    void broke(String why);
  }

  /** The connection is made; the answer to a call may get lost on it. */
  void reached(SimulatedServer to, boolean isCall) {
    losesAnswer = isCall && world.oneIn(ANSWERS_LOST_ONE_IN);
    server = to;
    server.connected(this);
  }

  // -- The client's end -------------------------------------------------------------------------

  /** Nothing comes through any more, and neither side knows. */
  public void mute() {
    mute = true;
  }

  /** The client closes it; the master learns of it. */
  public void hangUp() {
    if (!over) {
      over = true;
      world.after(world.latency(), this::left);
    }
  }

  private void left() {
    if (server != null) {
      server.process().run(this::leftNow);
    }
  }

  private void leftNow() {
    server.disconnected(this);
    if (reader != null) {
      reader.left();
    }
  }

  /** Both sides learn that the connection is no more. */
  public void reset() {
    if (!over && !mute) {
      hangUp();
      client.broke("cut");
    }
  }

  /** The connection was refused, or ended by the master's side. */
  void broke(String why) {
    if (!over) {
      over = true;
      if (!mute) {
        client.broke(why);
      }
    }
  }

  private void inOrder(Runnable arrives) {
    lastAt = Math.max(lastAt, world.now() + world.latency());
    world.after(
        lastAt - world.now(),
        () -> {
          if (!over && !mute) {
            arrives.run();
          }
        });
  }

  // -- The master's end -------------------------------------------------------------------------

  @Override
  public void answer(Reply reply) {
    server.disconnected(this);
    inOrder(
        () -> {
          over = true;
          if (losesAnswer) {
            client.broke("reset");
          } else {
            client.answered(reply);
          }
        });
  }

  @Override
  public void begin(Reply head, MediaType type) {
    inOrder(() -> client.answered(head));
  }

  @Override
  public void attach(Reader told) {
    reader = told;
  }

  @Override
  public int write(E event) {
    int bytes = event.getSerializedSize();
    inOrder(
        () -> {
          client.event(event);
          server.process().run(() -> reader.read(bytes));
        });
    return bytes;
  }

  @Override
  public void end() {
    server.disconnected(this);
    inOrder(() -> broke("ended"));
  }

  @Override
  public void cut() {
    server.disconnected(this);
    inOrder(() -> broke("cut off"));
  }

  @Override
  public void submit(Call call, BiConsumer<Answer, Throwable> then) {
    server.submit(call, then);
  }

  @Override
  public void after(long nanos, Runnable part) {
    server
        .process()
        .after(
            nanos,
            () -> {
              if (!over) {
                part.run();
              }
            });
  }

  @Override
  public <T> void aside(Supplier<T> slow, Consumer<T> then) {
    long takes = world.between(World.MILLI / 10, 20 * World.MILLI);
    server.process().after(takes, () -> then.accept(slow.get()));
  }
}
