package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.world.World;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.Call;
import io.quorate.master.event.CloseLink;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.EventSink;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What the HTTP faces do for the core: calls in, answers out, links that may break, each with the
 * delays of a network. Messages on one link keep their order.
 */
public final class SimulatedFace {
  private final World world;
  private final SimulatedMember member;
  private final InjectedBug injectedBug;
  private final Invariants invariants;
  private final SimulatedSchedulerFace schedulers;
  private final TreeMap<String, Stream<AgentEvent>> links = new TreeMap<>();

  SimulatedFace(
      World world,
      SimulatedMember member,
      InjectedBug injectedBug,
      Invariants invariants,
      SimulatedHistory journal) {
    this.world = world;
    this.member = member;
    this.injectedBug = injectedBug;
    this.invariants = invariants;
    this.schedulers = new SimulatedSchedulerFace(world, member, injectedBug, invariants, journal);
  }

  /** How a call ended; neither of both: the connection broke. */
  public interface Reply {
    void answered(Answer answer, Throwable failure);
  }

  /** The client's side of a stream. */
  public interface Reader<E> {
    void event(E event);

    void broken();
  }

  /** One open stream. */
  private final class Stream<E> {
    private final Reader<E> reader;
    private final List<E> waiting = new ArrayList<>();
    private boolean open;
    private boolean over;
    private long lastAt;

    Stream(Reader<E> reader) {
      this.reader = reader;
    }

    void send(E event) {
      if (!open) {
        waiting.add(event);
        return;
      }
      lastAt = Math.max(lastAt, world.now() + world.latency());
      world.after(
          lastAt - world.now(),
          () -> {
            if (!over) {
              reader.event(event);
            }
          });
    }

    void open() {
      open = true;
      List<E> first = List.copyOf(waiting);
      waiting.clear();
      first.forEach(this::send);
    }

    /** After what was sent. */
    void end() {
      world.after(Math.max(0, lastAt - world.now()) + world.latency(), this::drop);
    }

    void drop() {
      if (!over) {
        over = true;
        reader.broken();
      }
    }
  }

  public SimulatedSchedulerFace schedulers() {
    return schedulers;
  }

  EventSink<Event> streams() {
    return schedulers.outlet();
  }

  EventSink<AgentEvent> links() {
    return new EventSink<>() {
      @Override
      public void send(String id, AgentEvent event) {
        if (links.containsKey(id) && !injectedBug.loses(event)) {
          links.get(id).send(event);
        }
      }

      @Override
      public void end(String id) {
        if (links.containsKey(id)) {
          links.remove(id).end();
        }
      }

      @Override
      public void endAll() {
        List.copyOf(links.values()).forEach(Stream::end);
        links.clear();
      }
    };
  }

  /** The process is gone. */
  void breakAll() {
    schedulers.breakAll();
    List.copyOf(links.values()).forEach(Stream::drop);
    links.clear();
  }

  public int openStreams() {
    return schedulers.openStreams();
  }

  // -- Agents -----------------------------------------------------------------------------------

  public void link(AgentCall call, String[] linkId, Reader<AgentEvent> reader, Reply reply) {
    String id = world.uuid();
    linkId[0] = id;
    Stream<AgentEvent> stream = new Stream<>(reader);
    submit(
        Call.newBuilder().setAgent(AgentLinkCall.newBuilder().setCall(call).setLinkId(id)).build(),
        true,
        loop -> links.put(id, stream),
        (answer, failure) -> {
          if (answer instanceof Answer.Accepted) {
            stream.open();
          } else {
            links.remove(id);
          }
          reply.answered(answer, failure);
        });
  }

  public void agentCall(AgentCall call, String linkId, Reply reply) {
    deliver(loop -> loop.heard(call, linkId));
    if (call.getType() == AgentCall.Type.PONG) {
      return;
    }
    if (injectedBug.has(BugSwitch.FORWARDS_EARLY) && call.hasUpdate()) {
      Event early =
          Event.newBuilder()
              .setType(Event.Type.UPDATE)
              .setUpdate(Event.Update.newBuilder().setStatus(call.getUpdate().getStatus()))
              .build();
      schedulers.first().ifPresent(id -> streams().send(id, early));
    }
    submit(
        Call.newBuilder()
            .setAgent(AgentLinkCall.newBuilder().setCall(call).setLinkId(linkId))
            .build(),
        false,
        loop -> {},
        reply::answered);
  }

  public void breakLink(String linkId, String agentId) {
    Stream<AgentEvent> stream = links.remove(linkId);
    if (stream != null) {
      stream.drop();
      call(
          Call.newBuilder()
              .setCloseLink(CloseLink.newBuilder().setAgentId(agentId).setLinkId(linkId))
              .build(),
          (answer, failure) -> {});
    }
  }

  /** What operators ask for, too. */
  public void call(Call call, Reply reply) {
    submit(call, false, loop -> {}, reply::answered);
  }

  // -- The network ------------------------------------------------------------------------------

  private void deliver(Consumer<LeaderLoop> what) {
    world.after(world.latency(), () -> member.deliver(what));
  }

  /**
   * There and back; a crash on the way is a broken connection: no answer at all. A safe call's
   * answer does not get lost otherwise.
   */
  private void submit(
      Call call,
      boolean safe,
      Consumer<LeaderLoop> arrived,
      BiConsumer<Answer, Throwable> answered) {
    boolean lost = !safe && world.oneIn(40);
    world.after(
        world.latency(),
        () -> {
          LeaderLoop loop = member.loop();
          if (loop == null) {
            answered.accept(null, null);
            return;
          }
          boolean[] done = {false};
          member.deliver(
              to -> {
                arrived.accept(to);
                var unused =
                    to.submit(call)
                        .whenComplete(
                            (answer, failure) -> {
                              done[0] = true;
                              invariants.everyCallIsDecided(call, failure);
                              if (answer != null) {
                                invariants.answered(call, answer);
                              }
                              world.after(
                                  world.latency(),
                                  () ->
                                      answered.accept(lost ? null : answer, lost ? null : failure));
                            });
              });
          watch(loop, done, answered);
        });
  }

  /** The connection breaks if the process that has the call is gone. */
  private void watch(LeaderLoop loop, boolean[] done, BiConsumer<Answer, Throwable> answered) {
    world.after(
        6 * World.SECOND,
        () -> {
          if (done[0]) {
            return;
          }
          if (member.loop() != loop) {
            answered.accept(null, null);
          } else {
            watch(loop, done, answered);
          }
        });
  }
}
