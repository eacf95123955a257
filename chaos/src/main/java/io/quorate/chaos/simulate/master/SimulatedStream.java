package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.world.World;
import io.quorate.driver.ClientCore;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/** One connection that was made to subscribe, and its two ends. */
public final class SimulatedStream {
  /** Rarer on the wire, but then a silent stream would outlast the world. */
  private static final long HEARTBEAT = 4 * World.SECOND;

  private final World world;
  private final SimulatedSchedulerFace face;
  private final String id;
  private final SimulatedSchedulerFace.Client client;
  private final List<Event> waiting = new ArrayList<>();
  private boolean opened;
  private boolean endsWhenOpen;

  /** Nothing comes through any more, and neither side knows. */
  private boolean mute;

  /** The client's end of it is closed, or the master's process is gone. */
  private boolean over;

  private boolean left;
  private long lastAt;
  private long lastIndex;
  private String framework = "";

  SimulatedStream(World world, SimulatedSchedulerFace face, SimulatedSchedulerFace.Client client) {
    this.world = world;
    this.face = face;
    this.id = world.uuid();
    this.client = client;
  }

  String id() {
    return id;
  }

  /** What was sent before it was opened. */
  List<Event> waiting() {
    return List.copyOf(waiting);
  }

  public void mute() {
    mute = true;
  }

  // -- The client's side ----------------------------------------------------------------------

  /** The client closes it; the master learns of it. */
  public void hangUp() {
    if (!over) {
      over = true;
      world.after(world.latency(), () -> face.deliver(loop -> left(loop)));
    }
  }

  /** Both sides learn that the connection is no more. */
  public void cut() {
    if (!over && !mute) {
      hangUp();
      client.broke("cut");
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

  // -- The master's side ----------------------------------------------------------------------

  /** Who left before the answer is not told of, before it is known who it was. */
  private void left(LeaderLoop loop) {
    left = true;
    if (opened || !face.has(id)) {
      closed(loop);
    }
  }

  private void closed(LeaderLoop loop) {
    face.remove(id);
    if (!framework.isEmpty()) {
      face.closed(loop, id, framework);
    }
  }

  void write(Event event) {
    if (!opened) {
      waiting.add(event);
      return;
    }
    if (!face.has(id)) {
      return;
    }
    lastIndex = Math.max(lastIndex, event.getLogIndex());
    if (event.getType() == Event.Type.SUBSCRIBED) {
      framework = event.getSubscribed().getFrameworkId().getValue();
      Event.Builder sooner = event.toBuilder();
      sooner.getSubscribedBuilder().setHeartbeatIntervalSeconds(HEARTBEAT / (double) World.SECOND);
      inOrder(() -> client.event(sooner.build()));
      beat();
    } else {
      inOrder(() -> client.event(event));
    }
  }

  /** Of the entry sent last more may follow: only those before it are complete. */
  private void beat() {
    Event.Builder heartbeat = Event.newBuilder().setType(Event.Type.HEARTBEAT);
    if (lastIndex > 0) {
      heartbeat.setLogIndex(lastIndex - 1);
    }
    write(heartbeat.build());
    world.after(
        HEARTBEAT,
        () -> {
          if (face.has(id)) {
            face.deliver(loop -> beat());
          }
        });
  }

  void open(LeaderLoop loop, String resumed, UnaryOperator<List<Event>> instead) {
    if (!face.has(id)) {
      return;
    }
    opened = true;
    List<Event> first = instead.apply(List.copyOf(waiting));
    waiting.clear();
    inOrder(() -> client.answered(new ClientCore.Head(200, "", id, resumed, "")));
    first.forEach(this::write);
    if (left) {
      closed(loop);
    } else if (endsWhenOpen) {
      end();
    }
  }

  void refuse(ClientCore.Head head) {
    face.remove(id);
    inOrder(() -> client.answered(head));
  }

  void end() {
    if (!opened) {
      endsWhenOpen = true;
    } else if (face.remove(id)) {
      inOrder(() -> drop("ended"));
    }
  }

  void drop(String why) {
    if (!over) {
      over = true;
      if (!mute) {
        client.broke(why);
      }
    }
  }
}
