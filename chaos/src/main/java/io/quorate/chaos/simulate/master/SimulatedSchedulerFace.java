package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.world.World;
import io.quorate.driver.ClientCore;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OverloadedException;
import io.quorate.master.effect.Missed;
import io.quorate.master.effect.Resumed;
import io.quorate.master.event.CloseStream;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.scheduler.SchedulerValidation;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.EventSink;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * {@code POST /api/v1/scheduler} of one member: the checks, status codes, stream ids, heartbeats
 * and resumptions of the real face, with the delays of a network. Messages on one stream keep their
 * order.
 */
public final class SimulatedSchedulerFace {
  private final World world;
  private final SimulatedMember member;
  private final InjectedBug injectedBug;
  private final Invariants invariants;
  private final LogBook book;
  private final TreeMap<String, SimulatedStream> streams = new TreeMap<>();
  private final Set<Exchange> exchanges = new LinkedHashSet<>();

  SimulatedSchedulerFace(
      World world,
      SimulatedMember member,
      InjectedBug injectedBug,
      Invariants invariants,
      SimulatedHistory journal) {
    this.world = world;
    this.member = member;
    this.injectedBug = injectedBug;
    this.invariants = invariants;
    this.book = new LogBook(() -> Optional.of(journal));
  }

  /** The client's side of a subscription. */
  public interface Client {
    void answered(ClientCore.Head head);

    void event(Event event);

    void broke(String why);
  }

  /** The client's side of any other call. */
  public interface Reply {
    void answered(int status, String body);

    void broke(String why);
  }

  /** A call that waits for its answer; its connection ends with the process. */
  private final class Exchange {
    private final Reply reply;
    private final boolean lost = world.oneIn(40);

    Exchange(Reply reply) {
      this.reply = reply;
    }

    void answer(int status, String body) {
      if (exchanges.remove(this)) {
        world.after(
            world.latency(),
            () -> {
              if (lost) {
                reply.broke("reset");
              } else {
                reply.answered(status, body);
              }
            });
      }
    }
  }

  EventSink<Event> outlet() {
    return new EventSink<>() {
      @Override
      public void send(String id, Event event) {
        Event sent = injectedBug.sent(event);
        invariants.sent(sent);
        if (streams.containsKey(id)) {
          streams.get(id).write(sent);
        }
      }

      @Override
      public void end(String id) {
        if (streams.containsKey(id)) {
          streams.get(id).end();
        }
      }

      @Override
      public void endAll() {
        List.copyOf(streams.values()).forEach(SimulatedStream::end);
      }
    };
  }

  /** The process is gone. */
  void breakAll() {
    List<SimulatedStream> broken = List.copyOf(streams.values());
    List<Exchange> unanswered = List.copyOf(exchanges);
    streams.clear();
    exchanges.clear();
    broken.forEach(stream -> stream.drop("reset"));
    unanswered.forEach(
        exchange -> world.after(world.latency(), () -> exchange.reply.broke("reset")));
  }

  int openStreams() {
    return streams.size();
  }

  Optional<String> first() {
    return streams.keySet().stream().findFirst();
  }

  public boolean has(String streamId) {
    return streams.containsKey(streamId);
  }

  /** Whether the stream was still there. */
  boolean remove(String streamId) {
    return streams.remove(streamId) != null;
  }

  /** Once the process is there to hear it. */
  void deliver(Consumer<LeaderLoop> what) {
    member.deliver(what);
  }

  void closed(LeaderLoop loop, String streamId, String framework) {
    submit(
        loop,
        io.quorate.master.event.Call.newBuilder()
            .setCloseStream(
                CloseStream.newBuilder().setFrameworkId(framework).setStreamId(streamId))
            .build(),
        (answer, failure) -> {});
  }

  // -- What is asked ----------------------------------------------------------------------------

  /** The connection is made at once, and refused if there is no process. */
  public SimulatedStream subscribe(Call call, OptionalLong lastIndex, Client client) {
    SimulatedStream stream = new SimulatedStream(world, this, client);
    world.after(
        world.latency(),
        () -> {
          if (member.loop() == null) {
            stream.drop("refused");
            return;
          }
          streams.put(stream.id(), stream);
          member.deliver(loop -> subscribe(loop, stream, call, lastIndex));
        });
    return stream;
  }

  private void subscribe(
      LeaderLoop loop, SimulatedStream stream, Call call, OptionalLong lastIndex) {
    Optional<ClientCore.Head> wrong = validate(loop, call);
    if (wrong.isPresent()) {
      stream.refuse(wrong.get());
      return;
    }
    submit(
        loop,
        asked(call, stream.id()),
        (answer, failure) -> {
          if (failure != null) {
            stream.refuse(unavailable(loop.view(), failure));
          } else if (answer instanceof Answer.Refused refused) {
            stream.refuse(head(refused.why().status(), refused.why().message()));
          } else if (lastIndex.isPresent()) {
            long takes = world.between(World.MILLI / 10, 20 * World.MILLI);
            world.after(
                takes, () -> member.deliver(now -> resume(now, stream, lastIndex.getAsLong())));
          } else {
            stream.open(loop, "", all -> all);
          }
        });
  }

  private void resume(LeaderLoop loop, SimulatedStream stream, long lastIndex) {
    List<Event> waiting = stream.waiting();
    boolean subscribed = !waiting.isEmpty() && waiting.get(0).getType() == Event.Type.SUBSCRIBED;
    if (!subscribed) {
      stream.open(loop, "no", all -> all);
      return;
    }
    FrameworkId id = new FrameworkId(waiting.get(0).getSubscribed().getFrameworkId().getValue());
    long from = waiting.get(0).getLogIndex();
    long upTo = injectedBug.has(BugSwitch.RESUMES_SHORT) ? from - 1 : from;
    Optional<Missed> missed = book.missed(id, lastIndex, upTo, 4 << 20);
    if (missed.isPresent()) {
      stream.open(
          loop,
          Long.toString(lastIndex),
          all -> Resumed.withMissed(all, missed.get(), loop.view().state()));
    } else {
      stream.open(loop, "no", all -> Resumed.withEverything(all, id, loop.view().state()));
    }
  }

  public void call(String streamId, Call call, Reply reply) {
    Exchange exchange = new Exchange(reply);
    world.after(
        world.latency(),
        () -> {
          if (member.loop() == null) {
            reply.broke("refused");
            return;
          }
          exchanges.add(exchange);
          member.deliver(loop -> call(loop, streamId, call, exchange));
        });
  }

  private void call(LeaderLoop loop, String streamId, Call call, Exchange exchange) {
    Optional<ClientCore.Head> wrong = validate(loop, call);
    if (wrong.isPresent()) {
      exchange.answer(wrong.get().status(), wrong.get().body());
      return;
    }
    submit(
        loop,
        asked(call, streamId),
        (answer, failure) -> {
          if (failure != null) {
            ClientCore.Head head = unavailable(loop.view(), failure);
            exchange.answer(head.status(), head.body());
          } else if (answer instanceof Answer.Refused refused) {
            exchange.answer(refused.why().status(), refused.why().message());
          } else {
            exchange.answer(call.getType() == Call.Type.UPDATE_FRAMEWORK ? 200 : 202, "");
          }
        });
  }

  private static io.quorate.master.event.Call asked(Call call, String streamId) {
    return io.quorate.master.event.Call.newBuilder()
        .setScheduler(SchedulerCall.newBuilder().setCall(call).setStreamId(streamId))
        .build();
  }

  private void submit(
      LeaderLoop loop, io.quorate.master.event.Call call, BiConsumer<Answer, Throwable> answered) {
    var unused =
        loop.submit(call)
            .whenComplete(
                (answer, failure) -> {
                  invariants.everyCallIsDecided(call, failure);
                  if (answer != null) {
                    invariants.answered(call, answer);
                  }
                  answered.accept(answer, failure);
                });
  }

  // -- Status codes -----------------------------------------------------------------------------

  private static Optional<ClientCore.Head> validate(LeaderLoop loop, Call call) {
    MasterView view = loop.view();
    return view.leading()
        ? SchedulerValidation.validate(call, "").map(why -> head(400, why))
        : Optional.of(elsewhere(view));
  }

  private static ClientCore.Head head(int status, String body) {
    return new ClientCore.Head(status, "", "", "", body);
  }

  private static ClientCore.Head elsewhere(MasterView view) {
    MasterInfo leader = view.leader();
    if (leader == null || leader.equals(view.self())) {
      return head(503, "No leader elected");
    }
    String location = "//" + leader.getHostname() + ":" + leader.getPort() + "/api/v1/scheduler";
    return new ClientCore.Head(307, location, "", "", "");
  }

  private static ClientCore.Head unavailable(MasterView view, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof NotLeaderException) {
      return elsewhere(view);
    }
    return head(503, (cause instanceof OverloadedException ? "Overloaded: " : "Unknown: ") + cause);
  }
}
