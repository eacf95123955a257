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
import io.quorate.master.http.variable.VariablesFace;
import io.quorate.master.leader.EventSink;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterMachine;
import io.quorate.master.leader.MasterView;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.http.Answers;
import io.quorate.protocol.http.EdgeSettings;
import io.quorate.protocol.http.Endpoint;
import io.quorate.protocol.http.Endpoints;
import io.quorate.protocol.http.HttpEdge;
import io.quorate.protocol.link.SigningKey;
import io.quorate.protocol.metrics.PrometheusText;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * The one port of a master: which path is whose (Mesos 1.1). All its connections are served by one
 * event loop, which owns the faces and their streams.
 */
public final class MasterServer {
  private final Vertx vertx;
  private final Context loop;
  private final FaceSettings settings;
  private final Versions versions;
  private final EventStreams<Event> streams;
  private final EventStreams<AgentEvent> links;
  private SigningKey clusterKey = SigningKey.ofSeed(SigningKey.freshSeed());
  private MasterCore core;
  private SchedulerFace schedulers;
  private AgentFace agents;
  private OperatorFace operators;
  private V0Face older;
  private MembersFace members;
  private VariablesFace variables;
  private final EventCounters counters = new EventCounters();
  private LogView logView;
  private volatile OperatorEvents events;
  private Views views;
  private final EdgeSettings edgeSettings;
  private HttpEdge edge;

  /**
   * A master's port that is not bound yet.
   *
   * @param edgeSettings what the port bears, and which pages may do what
   */
  public MasterServer(
      Vertx vertx, FaceSettings settings, EdgeSettings edgeSettings, Versions versions) {
    this.vertx = vertx;
    this.edgeSettings = edgeSettings;
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

  /** By which agents know the masters of this cluster; it is told before the start. */
  public void clusterKey(SigningKey key) {
    clusterKey = key;
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
    agents = new AgentFace(vertx, settings, core, links, clusterKey);
    events = new OperatorEvents(vertx, loop, settings, versions, core, settings.operatorEvents());
    operators = new OperatorFace(settings, versions, core, views, this::gauges, events);
    older = new V0Face(settings, core, operators);
    variables = new VariablesFace(settings, core, views, () -> UUID.randomUUID().toString());
    edge =
        new HttpEdge(
            vertx,
            edgeSettings.bounds(),
            edgeSettings.sites(this::isMaster),
            new Endpoints(Paths.PROCESS, endpoints()));
    Promise<HttpServer> bound = Promise.promise();
    loop.runOnContext(nothing -> edge.listen(settings.ip(), settings.port()).onComplete(bound));
    return bound.future().toCompletionStage();
  }

  /** This one, or the leader: pages of theirs may read everywhere in the quorum. */
  private boolean isMaster(String authority) {
    MasterView view = core.view();
    return isAt(view.self(), authority)
        || (view.leader() != null && isAt(view.leader(), authority));
  }

  private static boolean isAt(MasterInfo master, String authority) {
    return authority.equals(master.getHostname() + ":" + master.getPort())
        || authority.equals(master.getAddress().getIp() + ":" + master.getPort());
  }

  private List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.add(
        call(
            "/api/v1/scheduler",
            request -> enter(request, Realm.SCHEDULER, who -> schedulers.handle(request, who))));
    all.add(
        call(
            "/api/v1",
            request -> enter(request, Realm.READWRITE, who -> operators.handle(request, who))));
    all.add(call("/api/v1/agent", agents::handle));
    all.add(view("/health", request -> Replies.empty(request, 200)));
    all.add(view("/version", request -> views.small(request, versions::write)));
    all.add(
        new Endpoint(
            "/redirect", Endpoint.Kind.VIEW, List.of("GET", "POST"), true, this::toLeader));
    all.addAll(stateViews());
    all.addAll(quorumEndpoints());
    for (String path : V0Face.PATHS) {
      List<String> methods = new ArrayList<>(V0Views.has(path) ? List.of("GET") : List.of());
      methods.addAll(V0Face.methods(path));
      all.add(
          new Endpoint(
              path, Endpoint.Kind.FORM_ORDER, methods, false, request -> older(request, path)));
    }
    all.add(view("/maintenance/status", request -> older(request, "/maintenance/status")));
    return all;
  }

  private Endpoint call(String path, Consumer<HttpServerRequest> handler) {
    return Endpoint.call(path, request -> consistent(request, handler));
  }

  private Endpoint view(String path, Consumer<HttpServerRequest> handler) {
    return Endpoint.view(path, request -> consistent(request, handler));
  }

  private void consistent(HttpServerRequest request, Consumer<HttpServerRequest> handler) {
    Consistency.serve(request, core, handler);
  }

  private List<Endpoint> stateViews() {
    Consumer<HttpServerRequest> state =
        request ->
            show(request, (now, visible, out) -> StateJson.write(now, versions, visible, out));
    Consumer<HttpServerRequest> roles =
        request ->
            show(
                request,
                (now, visible, out) -> new RoleReads(now.state(), visible::role).writeRoles(out));
    return List.of(
        view("/state", state),
        view("/state.json", state),
        view("/roles", roles),
        view("/roles.json", roles),
        view(
            "/slaves",
            request ->
                show(
                    request,
                    (now, visible, out) ->
                        StateJson.slaves(now, parameter(request, "slave_id"), visible, out))),
        view(
            "/frameworks",
            request ->
                show(
                    request,
                    (now, visible, out) ->
                        StateJson.frameworks(
                            now, parameter(request, "framework_id"), visible, out))),
        view("/state-summary", request -> show(request, TasksJson::summary)),
        view("/tasks", this::tasks),
        view("/flags", request -> read(request, visible -> flags(request, visible))),
        view("/metrics/snapshot", request -> read(request, visible -> metrics(request, visible))),
        view("/metrics", request -> read(request, visible -> prometheus(request, visible))));
  }

  private List<Endpoint> quorumEndpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.add(
        view(
            "/quorate/status",
            request ->
                read(
                    request,
                    visible ->
                        views.small(request, out -> StateJson.status(core.view().log(), out)))));
    all.add(
        view(
            "/quorate/log",
            request -> enter(request, Realm.READWRITE, who -> log(request, visible(who)))));
    all.add(
        new Endpoint(
            "/quorate/events",
            Endpoint.Kind.VIEW,
            List.of("GET"),
            false,
            request ->
                consistent(
                    request,
                    asked -> enter(asked, Realm.READONLY, who -> events.subscribe(asked, who)))));
    all.add(
        new Endpoint(
            VariablesFace.PATH,
            Endpoint.Kind.CALL,
            VariablesFace.METHODS,
            false,
            request -> variables.handle(request)));
    for (String path : MembersFace.PATHS) {
      List<String> methods = MembersFace.shown(path) ? List.of("GET", "POST") : List.of("POST");
      all.add(
          new Endpoint(
              path,
              Endpoint.Kind.ORDER,
              methods,
              true,
              request -> consistent(request, asked -> members.handle(asked, path))));
    }
    return all;
  }

  /** What {@code /api/v1} took the place of: views by GET, orders by another method. */
  private void older(HttpServerRequest request, String path) {
    consistent(
        request,
        asked -> {
          if (Answers.reads(asked.method()) && V0Views.has(path)) {
            enter(
                asked,
                path.equals("/maintenance/status") ? Realm.READONLY : Realm.READWRITE,
                who -> {
                  V0Views older = new V0Views(core.view().state(), visible(who));
                  views.json(asked, out -> older.write(path, out));
                });
          } else {
            // Of /quota the role is below the path.
            String whole = path.equals("/quota") ? Paths.local(asked) : path;
            enter(asked, Realm.READWRITE, who -> older.handle(asked, whole, who));
          }
        });
  }

  private void flags(HttpServerRequest request, Visibility visible) {
    if (visible.all(Action.VIEW_FLAGS)) {
      views.json(request, out -> StateJson.flags(core.view(), versions, out));
    } else {
      Replies.text(request, 403, "Not authorized to view_flags");
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

  private void show(HttpServerRequest request, Shown shown) {
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
    TasksJson.Page page =
        TasksJson.Page.of(
            request.getParam("framework_id"),
            request.getParam("task_id"),
            request.getParam("offset"),
            request.getParam("limit"),
            request.getParam("order"));
    show(request, (now, visible, out) -> TasksJson.tasks(now, page, visible, out));
  }

  private void metrics(HttpServerRequest request, Visibility visible) {
    if (seesMetrics(request, visible)) {
      Gauges now = gauges();
      views.json(
          request, out -> Metrics.write(Metrics.of(core.view(), versions.upSeconds(), now), out));
    }
  }

  private void prometheus(HttpServerRequest request, Visibility visible) {
    if (seesMetrics(request, visible)) {
      Gauges now = gauges();
      views.send(
          request,
          PrometheusText.CONTENT_TYPE,
          out ->
              PrometheusText.write(
                  Metrics.of(core.view(), versions.upSeconds(), now),
                  now.counters().keySet(),
                  out));
    }
  }

  private static boolean seesMetrics(HttpServerRequest request, Visibility visible) {
    boolean sees = visible.endpoint("/metrics/snapshot");
    if (!sees) {
      Replies.text(request, 403, "Not authorized to get_endpoints /metrics/snapshot");
    }
    return sees;
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
    if (edge != null) {
      edge.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
