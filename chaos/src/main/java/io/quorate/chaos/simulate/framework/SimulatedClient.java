package io.quorate.chaos.simulate.framework;

import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.bug.InjectedBug;
import io.quorate.chaos.simulate.master.SimulatedExchange;
import io.quorate.chaos.simulate.master.SimulatedMember;
import io.quorate.chaos.simulate.world.World;
import io.quorate.driver.ClientCore;
import io.quorate.driver.Outcome;
import io.quorate.driver.SchedulerListener;
import io.quorate.master.http.face.Reply;
import io.quorate.master.http.scheduler.SchedulerFaceCore;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/** What SchedulerClient is around the driver's core, on the simulated network and clock. */
public final class SimulatedClient {
  private static final long WATCH = 2 * World.SECOND;

  private final World world;
  private final List<SimulatedMember> members;
  private final InjectedBug injectedBug;
  private final ClientCore core;
  private final SchedulerListener listener;
  private Wire wire;

  /** The connection breaks after the next event, whatever is behind it. */
  private boolean fragile;

  SimulatedClient(
      World world,
      List<SimulatedMember> members,
      InjectedBug injectedBug,
      ClientCore core,
      SchedulerListener listener) {
    this.world = world;
    this.members = members;
    this.injectedBug = injectedBug;
    this.core = core;
    this.listener = listener;
  }

  /** Where a member is found; as its MasterInfo says. */
  public static String address(SimulatedMember member) {
    return "member" + member.number() + ":5050";
  }

  private SimulatedMember at(String address) {
    return members.stream()
        .filter(member -> address(member).equals(address))
        .findFirst()
        .orElseThrow();
  }

  ClientCore core() {
    return core;
  }

  void start() {
    attempt();
    watch();
  }

  /** One connection of this client; what comes on an older one is not heard. */
  private final class Wire implements SimulatedExchange.Client<Event> {
    private SimulatedExchange<Event> stream;

    @Override
    public void answered(Reply reply) {
      if (wire == this) {
        ClientCore.Head head =
            new ClientCore.Head(
                reply.status(),
                reply.header("Location"),
                reply.header(SchedulerFaceCore.STREAM_ID),
                reply.header(SchedulerFaceCore.RESUMED),
                reply.body());
        then(core.answered(head, world.now()));
      }
    }

    @Override
    public void event(Event event) {
      if (wire == this) {
        core.heard(world.now());
        core.event(event);
        tell();
        if (fragile && event.getType() != Event.Type.HEARTBEAT) {
          fragile = false;
          cut();
        }
      }
    }

    @Override
    public void broke(String why) {
      if (wire == this) {
        then(core.broke(why));
      }
    }
  }

  private void attempt() {
    if (core.closed()) {
      return;
    }
    ClientCore.Attempt next = core.attempt(world.now());
    Call call =
        injectedBug.has(BugSwitch.DRIVER_FORGETS_ITS_ID) ? nameless(next.call()) : next.call();
    TreeMap<String, String> headers = new TreeMap<>();
    if (call.hasFrameworkId() && next.lastIndex().isPresent()) {
      headers.put(SchedulerFaceCore.LAST_INDEX, Long.toString(next.lastIndex().getAsLong()));
    }
    wire = new Wire();
    wire.stream =
        at(next.master())
            .request(wire, false, (server, exchange) -> server.scheduler(headers, call, exchange));
  }

  private static Call nameless(Call subscribe) {
    Call.Builder nameless = subscribe.toBuilder().clearFrameworkId();
    nameless.getSubscribeBuilder().getFrameworkInfoBuilder().clearId();
    return nameless.build();
  }

  private void then(ClientCore.Next next) {
    if (!(next instanceof ClientCore.Next.Read)) {
      wire = null;
    }
    if (next instanceof ClientCore.Next.Ask ask) {
      world.after(ask.pauseMillis() * World.MILLI, this::attempt);
    }
    tell();
  }

  private void tell() {
    for (ClientCore.Delivery delivery : core.due()) {
      delivery.to(listener);
      if (delivery instanceof ClientCore.Delivery.Told told) {
        Event event = told.event();
        boolean early = injectedBug.has(BugSwitch.DRIVER_COUNTS_EARLY) && event.hasLogIndex();
        core.handled(
            early ? event.toBuilder().setLogIndex(event.getLogIndex() + 1).build() : event);
      }
    }
  }

  private void watch() {
    world.after(
        WATCH,
        () -> {
          if (wire != null && core.silent(world.now())) {
            wire.stream.hangUp();
            wire.broke("silent");
          }
          if (wire != null || !core.closed()) {
            watch();
          }
        });
  }

  /** Nothing comes through any more, and nobody tells. */
  void fallSilent() {
    if (wire != null) {
      wire.stream.mute();
    }
  }

  void cutAfterNextEvent() {
    fragile = true;
  }

  void cut() {
    if (wire != null) {
      wire.stream.reset();
    }
  }

  /** This instance is no more. */
  void close() {
    core.close();
    if (wire != null) {
      wire.stream.hangUp();
      wire = null;
    }
  }

  // -- Calls ------------------------------------------------------------------------------------

  void send(Call.Builder call, Consumer<Outcome> outcome) {
    Optional<ClientCore.Request> request = core.request(call);
    if (request.isEmpty()) {
      outcome.accept(new Outcome.Unknown("not subscribed"));
    } else {
      send(request.get(), request.get().streamId(), outcome);
    }
  }

  /** As no driver would: under a stream id that was never valid. */
  void sendStale(Call.Builder call) {
    core.request(call).ifPresent(request -> send(request, "stale", outcome -> {}));
  }

  private void send(ClientCore.Request request, String streamId, Consumer<Outcome> outcome) {
    TreeMap<String, String> headers = new TreeMap<>();
    headers.put(SchedulerFaceCore.STREAM_ID, streamId);
    at(request.master())
        .request(
            new SimulatedExchange.Client<Event>() {
              @Override
              public void answered(Reply reply) {
                outcome.accept(ClientCore.outcome(reply.status(), reply.body()));
              }

              @Override
              public void event(Event event) {
                throw new IllegalStateException("an event in the answer to a call");
              }

              @Override
              public void broke(String why) {
                outcome.accept(new Outcome.Unknown(why));
              }
            },
            true,
            (server, exchange) -> server.scheduler(headers, request.call(), exchange));
  }
}
