package io.quorate.master.http;

import io.quorate.log.ReplicatedLog;
import io.quorate.master.access.Action;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.access.Realm;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.http.agent.AgentFace;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.history.LogBook;
import io.quorate.master.http.history.LogView;
import io.quorate.master.http.operator.EventCounters;
import io.quorate.master.http.operator.Gauges;
import io.quorate.master.http.operator.MembersFace;
import io.quorate.master.http.operator.Metrics;
import io.quorate.master.http.operator.OperatorEvents;
import io.quorate.master.http.operator.OperatorFace;
import io.quorate.master.http.operator.RoleReads;
import io.quorate.master.http.scheduler.SchedulerFace;
import io.quorate.master.http.server.Consistency;
import io.quorate.master.http.server.LoopSink;
import io.quorate.master.http.server.Paths;
import io.quorate.master.http.server.Replies;
import io.quorate.master.http.server.Versions;
import io.quorate.master.http.server.Views;
import io.quorate.master.http.v0.StateJson;
import io.quorate.master.http.v0.TasksJson;
import io.quorate.master.http.v0.V0Face;
import io.quorate.master.http.v0.V0Views;
import io.quorate.master.leader.EventSink;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterMachine;
import io.quorate.master.leader.MasterView;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The one port of a master: which path is whose (Mesos 1.1). All its connections are served by one
 * event loop, which owns the faces and their streams.
 */
public final class MasterServer {
  private static final int HEADER_BYTES_MAX = 32 << 10;

  private final Vertx vertx;
  private final Context loop;
  private final FaceSettings settings;
  private final Versions versions;
  private final EventStreams<Event> streams;
  private final EventStreams<AgentEvent> links;
  private MasterCore core;
  private SchedulerFace schedulers;
  private AgentFace agents;
  private OperatorFace operators;
  private V0Face older;
  private MembersFace members;
  private final EventCounters counters = new EventCounters();
  private LogView logView;
  private volatile OperatorEvents events;
  private Views views;
  private HttpServer server;

  public MasterServer(Vertx vertx, FaceSettings settings, Versions versions) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.settings = settings;
    this.versions = versions;
    this.streams = new EventStreams<>(settings.streamBufferBytesMax());
    this.links = new EventStreams<>(settings.streamBufferBytesMax());
  }

  /** Where events for schedulers leave. */
  public EventSink<Event> streams() {
    return new LoopSink<>(loop, streams);
  }

  /** Where events for agents leave. */
  public EventSink<AgentEvent> links() {
    return new LoopSink<>(loop, links);
  }

  /**
   * Binds the port and serves this core.
   *
   * @param log whose members operators may look at and change
   */
  public CompletionStage<HttpServer> start(MasterCore served, ReplicatedLog log, LogBook book) {
    core = served;
    views = new Views(vertx, settings.views());
    schedulers = new SchedulerFace(vertx, settings, core, streams, book);
    logView = new LogView(vertx, book);
    members = new MembersFace(vertx, settings.access(), core, log);
    agents = new AgentFace(vertx, settings, core, links);
    events = new OperatorEvents(vertx, loop, settings, versions, core, settings.operatorEvents());
    operators = new OperatorFace(settings, versions, core, views, this::gauges, events);
    older = new V0Face(settings, core, operators);
    server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(settings.ip())
                .setPort(settings.port())
                .setTcpNoDelay(true)
                .setDecompressionSupported(true)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(HEADER_BYTES_MAX));
    server.requestHandler(request -> Replies.guarded(request, () -> receive(request)));
    Promise<HttpServer> bound = Promise.promise();
    loop.runOnContext(nothing -> server.listen().onComplete(bound));
    return bound.future().toCompletionStage();
  }

  private void receive(HttpServerRequest request) {
    try {
      // Read here once and for all: later it would fail wherever a parameter is looked at.
      request.params();
    } catch (IllegalArgumentException e) {
      Replies.text(request, 400, "The query cannot be decoded: " + e.getMessage());
      return;
    }
    Consistency.serve(request, core, this::route);
  }

  private void route(HttpServerRequest request) {
    String path = Paths.local(request);
    switch (path) {
      case "/api/v1/scheduler" ->
          enter(request, Realm.SCHEDULER, principal -> schedulers.handle(request, principal));
      case "/api/v1" ->
          enter(request, Realm.READWRITE, principal -> operators.handle(request, principal));
      case "/api/v1/agent" -> agents.handle(request);
      case "/health" -> Replies.empty(request, 200);
      case "/version" -> version(request);
      case "/redirect" -> toLeader(request);
      case "/state", "/state.json" ->
          view(request, (now, visible, out) -> StateJson.write(now, versions, visible, out));
      case "/slaves" ->
          view(
              request,
              (now, visible, out) ->
                  StateJson.slaves(now, parameter(request, "slave_id"), visible, out));
      case "/frameworks" ->
          view(
              request,
              (now, visible, out) ->
                  StateJson.frameworks(now, parameter(request, "framework_id"), visible, out));
      case "/state-summary" -> view(request, TasksJson::summary);
      case "/tasks" -> tasks(request);
      case "/flags" ->
          read(
              request,
              visible -> {
                if (visible.all(Action.VIEW_FLAGS)) {
                  views.json(request, out -> StateJson.flags(core.view(), versions, out));
                } else {
                  Replies.text(request, 403, "Not authorized to view_flags");
                }
              });
      case "/metrics/snapshot" -> read(request, visible -> metrics(request, visible));
      case "/quorate/status" ->
          read(
              request,
              visible -> views.small(request, out -> StateJson.status(core.view().log(), out)));
      case "/quorate/events" -> enter(request, Realm.READONLY, who -> events(request, who));
      case "/quorate/log" -> enter(request, Realm.READWRITE, who -> log(request, visible(who)));
      case "/roles", "/roles.json" ->
          read(
              request,
              visible -> {
                MasterState state = core.view().state();
                views.json(request, out -> new RoleReads(state, visible::role).writeRoles(out));
              });
      default -> older(request, path);
    }
  }

  private void version(HttpServerRequest request) {
    String json =
        "{\"version\":\""
            + versions.mesos()
            + "\",\"quorate_version\":\""
            + versions.quorate()
            + "\",\"start_time\":"
            + versions.startSeconds()
            + "}";
    views.small(request, out -> out.write(json.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
  }

  /** What {@code /api/v1} took the place of: views by GET, orders by another method. */
  private void older(HttpServerRequest request, String path) {
    if (request.method().equals(HttpMethod.GET) && V0Views.has(path)) {
      enter(
          request,
          path.equals("/maintenance/status") ? Realm.READONLY : Realm.READWRITE,
          who -> {
            V0Views older = new V0Views(core.view().state(), visible(who));
            views.json(request, out -> older.write(path, out));
          });
    } else if (MembersFace.has(path)) {
      members.handle(request, path);
    } else if (V0Face.method(path).isPresent()) {
      enter(request, Realm.READWRITE, who -> older.handle(request, path, who));
    } else {
      Replies.text(request, 404, "404 Not Found: " + request.path());
    }
  }

  /** The stream of {@code SUBSCRIBE}, of any master: followers tell it as well as the leader. */
  private void events(HttpServerRequest request, String principal) {
    if (request.method().equals(HttpMethod.GET)) {
      events.subscribe(request, principal);
    } else {
      Replies.text(request, 405, "405 Method Not Allowed. Expecting one of { 'GET' }");
    }
  }

  /** Tells operators' streams of a committed entry. It is called on the apply thread, in order. */
  public void committed(MasterMachine.Commit commit) {
    counters.committed(commit);
    if (events != null) {
      events.committed(commit);
    }
  }

  private Gauges gauges() {
    return new Gauges(
        views.unreadBytes(),
        streams.ids().size(),
        links.ids().size(),
        events.open(),
        counters.all());
  }

  private void enter(HttpServerRequest request, Realm realm, Consumer<String> then) {
    settings.access().enter(request, realm).ifPresent(then);
  }

  private void read(HttpServerRequest request, Consumer<Visibility> then) {
    enter(request, Realm.READONLY, principal -> then.accept(visible(principal)));
  }

  /** Writes a view of a state to a principal. */
  private interface Shown {
    void write(MasterView view, Visibility visible, OutputStream out) throws IOException;
  }

  private void view(HttpServerRequest request, Shown shown) {
    read(
        request,
        visible -> {
          MasterView view = core.view();
          views.json(request, out -> shown.write(view, visible, out));
        });
  }

  private static Optional<String> parameter(HttpServerRequest request, String name) {
    return Optional.ofNullable(request.getParam(name));
  }

  private void tasks(HttpServerRequest request) {
    TasksJson.Page page;
    try {
      page =
          TasksJson.Page.of(
              request.getParam("framework_id"),
              request.getParam("task_id"),
              request.getParam("offset"),
              request.getParam("limit"),
              request.getParam("order"));
    } catch (IllegalArgumentException e) {
      Replies.text(request, 400, e.getMessage());
      return;
    }
    view(request, (now, visible, out) -> TasksJson.tasks(now, page, visible, out));
  }

  private void metrics(HttpServerRequest request, Visibility visible) {
    if (visible.endpoint("/metrics/snapshot")) {
      Gauges now = gauges();
      views.json(
          request, out -> Metrics.write(Metrics.of(core.view(), versions.upSeconds(), now), out));
    } else {
      Replies.text(request, 403, "Not authorized to get_endpoints /metrics/snapshot");
    }
  }

  private Visibility visible(String principal) {
    return new Visibility(settings.access().acls(), principal);
  }

  /** The log holds all that anybody sent: whoever may see it sees what others may not. */
  private void log(HttpServerRequest request, Visibility visible) {
    if (visible.all(Action.ACCESS_MESOS_LOGS)) {
      logView.handle(request);
    } else {
      Replies.text(request, 403, "Not authorized to access_mesos_logs");
    }
  }

  /** Also on the leader itself (CP-033). */
  private void toLeader(HttpServerRequest request) {
    MasterView view = core.view();
    if (view.leader() == null) {
      Replies.text(request, 503, "No leader elected");
    } else {
      Replies.redirect(request, view.leader(), "");
    }
  }

  /** Takes no more requests. */
  public void stop() {
    if (server != null) {
      server.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
