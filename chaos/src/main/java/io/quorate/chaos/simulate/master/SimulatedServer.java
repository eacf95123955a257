package io.quorate.chaos.simulate.master;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.check.Invariants;
import io.quorate.chaos.simulate.world.SimulatedProcess;
import io.quorate.chaos.simulate.world.World;
import io.quorate.master.effect.Missed;
import io.quorate.master.event.Call;
import io.quorate.master.http.access.RateLimits;
import io.quorate.master.http.agent.AgentFaceCore;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.face.FaceRequest;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.scheduler.SchedulerFaceCore;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.EventSink;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * What the master's server is in the simulator: the product's own face cores of one process, on
 * exchanges of the simulated network.
 */
public final class SimulatedServer {
  private static final int CALLS_IN_FLIGHT_MAX = 1000;
  private static final int STREAM_BUFFER_BYTES_MAX = 4 << 20;

  /** Rarer on the wire, but then a silent stream would outlast the world. */
  private static final long HEARTBEAT = 4 * World.SECOND;

  private final World world;
  private final SimulatedProcess process;
  private final InjectedBug injectedBug;
  private final Invariants invariants;
  private final LogBook book;
  private final EventStreams<Event> streams = new EventStreams<>(STREAM_BUFFER_BYTES_MAX);
  private final EventStreams<AgentEvent> links = new EventStreams<>(STREAM_BUFFER_BYTES_MAX);
  private final Set<SimulatedExchange<?>> exchanges = new LinkedHashSet<>();
  private LeaderLoop loop;
  private SchedulerFaceCore schedulers;
  private AgentFaceCore agents;

  SimulatedServer(
      World world,
      SimulatedProcess process,
      InjectedBug injectedBug,
      Invariants invariants,
      SimulatedHistory journal) {
    this.world = world;
    this.process = process;
    this.injectedBug = injectedBug;
    this.invariants = invariants;
    this.book = new LogBook(() -> Optional.of(journal));
  }

  /** From here on calls reach this core. */
  void serve(LeaderLoop served) {
    loop = served;
    FaceEnvironment environment = new FaceEnvironment(loop, world::now, world::uuid);
    schedulers =
        new SchedulerFaceCore(
            new SchedulerFaceCore.Settings(CALLS_IN_FLIGHT_MAX, HEARTBEAT, STREAM_BUFFER_BYTES_MAX),
            RateLimits.NONE,
            environment,
            streams,
            this::missed);
    agents = new AgentFaceCore(environment, links);
  }

  private Optional<Missed> missed(FrameworkId framework, long after, long upTo, long bytesMax) {
    long read = injectedBug.has(BugSwitch.RESUMES_SHORT) ? upTo - 1 : upTo;
    return book.missed(framework, after, read, bytesMax);
  }

  World world() {
    return world;
  }

  SimulatedProcess process() {
    return process;
  }

  // -- What the core sends ----------------------------------------------------------------------

  EventSink<Event> streams() {
    return new EventSink<>() {
      @Override
      public void send(String id, Event event) {
        Event sent = injectedBug.sent(event);
        invariants.sent(sent);
        streams.send(id, sent.hasSubscribed() ? withHeartbeats(sent) : sent);
      }

      @Override
      public void end(String id) {
        streams.end(id);
      }

      @Override
      public void endAll() {
        streams.endAll();
      }
    };
  }

  private static Event withHeartbeats(Event event) {
    Event.Builder subscribed = event.toBuilder();
    subscribed
        .getSubscribedBuilder()
        .setHeartbeatIntervalSeconds(HEARTBEAT / (double) World.SECOND);
    return subscribed.build();
  }

  EventSink<AgentEvent> links() {
    return new EventSink<>() {
      @Override
      public void send(String id, AgentEvent event) {
        if (links.ids().contains(id) && !injectedBug.loses(event)) {
          links.send(id, event);
        }
      }

      @Override
      public void end(String id) {
        links.end(id);
      }

      @Override
      public void endAll() {
        links.endAll();
      }
    };
  }

  SortedSet<String> openStreams() {
    return streams.ids();
  }

  // -- What clients ask -------------------------------------------------------------------------

  /** Takes a scheduler's call; headers have the names that the face gives them. */
  public void scheduler(
      TreeMap<String, String> headers,
      io.quorate.protocol.v1.scheduler.Call call,
      SimulatedExchange<Event> exchange) {
    schedulers.take(new FaceRequest("/api/v1/scheduler", headers::get, ""), "", call, exchange);
  }

  /** Takes an agent's call. */
  public void agent(String linkId, AgentCall call, SimulatedExchange<AgentEvent> exchange) {
    if (injectedBug.has(BugSwitch.FORWARDS_EARLY) && call.hasUpdate() && !streams.ids().isEmpty()) {
      Event early =
          Event.newBuilder()
              .setType(Event.Type.UPDATE)
              .setUpdate(Event.Update.newBuilder().setStatus(call.getUpdate().getStatus()))
              .build();
      streams().send(streams.ids().first(), early);
    }
    agents.take(new FaceRequest("/api/v1/agent", header -> linkId, ""), call, exchange);
  }

  /** Puts a call into the core; the answer comes unless the process ends before. */
  void submit(Call call, BiConsumer<Answer, Throwable> then) {
    var unused =
        loop.submit(call)
            .whenComplete(
                (answer, failure) -> {
                  invariants.everyCallIsDecided(call, failure);
                  if (answer != null) {
                    invariants.answered(call, answer);
                  }
                  process.run(() -> then.accept(answer, failure));
                });
  }

  // -- Connections ------------------------------------------------------------------------------

  void connected(SimulatedExchange<?> exchange) {
    exchanges.add(exchange);
  }

  void disconnected(SimulatedExchange<?> exchange) {
    exchanges.remove(exchange);
  }

  /** The process is gone. */
  void breakAll() {
    List<SimulatedExchange<?>> broken = List.copyOf(exchanges);
    exchanges.clear();
    broken.forEach(exchange -> exchange.broke("reset"));
  }
}
