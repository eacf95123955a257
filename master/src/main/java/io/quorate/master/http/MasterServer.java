package io.quorate.master.http;

import io.quorate.master.access.Action;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterView;
import io.quorate.master.leader.Outlet;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.scheduler.Event;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The one port of a master: which path is whose (Mesos 1.1). */
public final class MasterServer {
  private static final int HEADER_BYTES_MAX = 32 << 10;

  /** Nothing else may be echoed into a script. */
  private static final Pattern FUNCTION_NAME = Pattern.compile("[A-Za-z_$][A-Za-z0-9_$.]{0,127}");

  private final Vertx vertx;
  private final FaceSettings settings;
  private final Versions versions;
  private final EventStreams<Event> streams;
  private final EventStreams<AgentEvent> links;
  private MasterCore core;
  private SchedulerFace schedulers;
  private AgentFace agents;
  private OperatorFace operators;
  private LogView logView;
  private HttpServer server;

  public MasterServer(Vertx vertx, FaceSettings settings, Versions versions) {
    this.vertx = vertx;
    this.settings = settings;
    this.versions = versions;
    this.streams = new EventStreams<>(settings.streamBufferBytesMax());
    this.links = new EventStreams<>(settings.streamBufferBytesMax());
  }

  /** Where events for schedulers leave. */
  public Outlet<Event> streams() {
    return streams;
  }

  /** Where events for agents leave. */
  public Outlet<AgentEvent> links() {
    return links;
  }

  /** Binds the port and serves this core. */
  public CompletionStage<HttpServer> start(MasterCore served, LogBook book) {
    core = served;
    schedulers = new SchedulerFace(vertx, settings, core, streams, book);
    logView = new LogView(vertx, book);
    agents = new AgentFace(settings, core, links);
    operators = new OperatorFace(vertx, settings, versions, core);
    server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(settings.ip())
                .setPort(settings.port())
                .setTcpNoDelay(true)
                .setDecompressionSupported(true)
                .setMaxHeaderSize(HEADER_BYTES_MAX)
                .setMaxInitialLineLength(HEADER_BYTES_MAX));
    server.requestHandler(this::route);
    return server.listen().toCompletionStage();
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
      case "/version" ->
          json(
              request,
              out ->
                  out.write(
                      ("{\"version\":\""
                              + versions.mesos()
                              + "\",\"quorate_version\":\""
                              + versions.quorate()
                              + "\",\"start_time\":"
                              + versions.startSeconds()
                              + "}")
                          .getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      case "/redirect" -> toLeader(request);
      case "/state", "/state.json" ->
          read(
              request,
              visible -> {
                MasterView view = core.view();
                json(request, out -> StateJson.write(view, versions, visible, out));
              });
      case "/quorate/status" ->
          read(request, visible -> json(request, out -> StateJson.status(core.view().log(), out)));
      case "/quorate/log" -> enter(request, Realm.READWRITE, who -> log(request, visible(who)));
      default -> Replies.text(request, 404, "404 Not Found: " + request.path());
    }
  }

  private void enter(HttpServerRequest request, Realm realm, Consumer<String> then) {
    settings.access().enter(request, realm).ifPresent(then);
  }

  private void read(HttpServerRequest request, Consumer<Visibility> then) {
    enter(request, Realm.READONLY, principal -> then.accept(visible(principal)));
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

  /** Writes a view. */
  private interface View {
    void write(ByteArrayOutputStream out) throws IOException;
  }

  /** Off the event loop: a large state delays nobody. With {@code ?jsonp=f}, as a call (CP-012). */
  private void json(HttpServerRequest request, View view) {
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.POST)) {
      Replies.text(
          request,
          405,
          "405 Method Not Allowed. Expecting one of { 'GET' }, but received '"
              + request.method()
              + "'.");
      return;
    }
    String function = request.getParam("jsonp");
    if (function != null && !FUNCTION_NAME.matcher(function).matches()) {
      Replies.text(request, 400, "The parameter 'jsonp' must be the name of a function");
      return;
    }
    vertx
        .executeBlocking(
            () -> {
              ByteArrayOutputStream out = new ByteArrayOutputStream();
              view.write(out);
              return out.toByteArray();
            },
            false)
        .onSuccess(
            body -> {
              Buffer content = Buffer.buffer(body);
              if (function != null) {
                content = Buffer.buffer(function + "(").appendBuffer(content).appendString(");");
              }
              var unused =
                  Replies.start(request, 200)
                      .putHeader(
                          "Content-Type", function == null ? "application/json" : "text/javascript")
                      .end(content);
            })
        .onFailure(failure -> Replies.text(request, 500, "Failed: " + failure.getMessage()));
  }

  /** Takes no more requests. */
  public void stop() {
    if (server != null) {
      server.close().toCompletionStage().toCompletableFuture().join();
    }
  }
}
