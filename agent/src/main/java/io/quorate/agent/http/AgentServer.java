package io.quorate.agent.http;

import io.quorate.agent.AgentCore;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.protocol.http.Answers;
import io.quorate.protocol.http.EdgeRequest;
import io.quorate.protocol.http.Endpoint;
import io.quorate.protocol.http.Endpoints;
import io.quorate.protocol.http.HttpEdge;
import io.quorate.protocol.http.Jsonp;
import io.quorate.protocol.metrics.PrometheusText;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Serves one agent's port (Mesos 1.1, 6.3). */
public final class AgentServer {
  private static final Logger LOG = LoggerFactory.getLogger(AgentServer.class);
  private static final String PROCESS = "/slave(1)";

  private final Vertx vertx;
  private final AgentSettings settings;
  private final AgentPort port;
  private final AgentCore core;
  private final ExecutorFace executors;
  private final AgentViews views;
  private final FilesFace files;

  /**
   * A port that is not bound yet.
   *
   * @param port how it was set up
   */
  public AgentServer(Vertx vertx, AgentSettings settings, AgentPort port, AgentCore core) {
    this.vertx = vertx;
    this.settings = settings;
    this.port = port;
    this.core = core;
    this.executors = new ExecutorFace(vertx, settings.executors(), core);
    this.views = new AgentViews(settings, port, core);
    this.files = new FilesFace(vertx, core.layout().sandboxes(), settings.files(), core::agentId);
  }

  /** Binds the port. */
  public CompletionStage<HttpServer> start() {
    HttpEdge edge =
        new HttpEdge(
            vertx,
            port.edge().bounds(),
            port.edge().sites(this::isMaster),
            new Endpoints(PROCESS, endpoints()));
    return edge.listen(settings.ip(), settings.port()).toCompletionStage();
  }

  /** Pages of the masters read agents (CP-012). */
  private boolean isMaster(String authority) {
    return settings.masters().contains(authority) || core.master().equals(Optional.of(authority));
  }

  private List<Endpoint> endpoints() {
    List<Endpoint> all = new ArrayList<>();
    all.add(Endpoint.view("/health", request -> Answers.empty(request, 200)));
    all.add(Endpoint.view("/version", request -> json(request, views::version)));
    all.add(Endpoint.call("/api/v1/executor", executors::handle));
    all.add(shown("/state", request -> json(request, views::state)));
    all.add(shown("/state.json", request -> json(request, views::state)));
    all.add(shown("/flags", request -> json(request, views::flags)));
    all.add(shown("/metrics/snapshot", request -> json(request, views::metrics)));
    all.add(
        shown(
            "/metrics",
            request ->
                made(
                    request,
                    views::prometheus,
                    text ->
                        Answers.start(request, 200)
                            .putHeader("Content-Type", PrometheusText.CONTENT_TYPE)
                            .end(Buffer.buffer(text)))));
    all.add(shown("/containers", request -> json(request, () -> views.containers(true))));
    all.add(shown("/monitor/statistics", request -> json(request, () -> views.containers(false))));
    all.add(
        shown("/monitor/statistics.json", request -> json(request, () -> views.containers(false))));
    all.add(shown("/files/read", files::read));
    all.add(shown("/files/browse", files::browse));
    all.add(shown("/files/download", files::download));
    return all;
  }

  /** A view that only readers get. */
  private Endpoint shown(String path, Consumer<HttpServerRequest> handler) {
    return Endpoint.view(path, request -> enter(request, handler));
  }

  private void enter(HttpServerRequest request, Consumer<HttpServerRequest> then) {
    boolean known =
        !port.access().readonly()
            || port.access()
                .credentials()
                .flatMap(all -> all.principal(request.getHeader("Authorization")))
                .isPresent();
    if (known) {
      EdgeRequest.known(request);
      then.accept(request);
    } else {
      request.response().putHeader("WWW-Authenticate", "Basic realm=\"mesos-agent-readonly\"");
      Answers.text(request, 401, "A principal of this agent and its secret are needed");
    }
  }

  private void json(HttpServerRequest request, Callable<byte[]> body) {
    made(request, body, content -> Jsonp.answer(request, content));
  }

  /** Makes the content on a thread that may wait, and answers with it. */
  private void made(HttpServerRequest request, Callable<byte[]> body, Consumer<byte[]> answer) {
    Context context = Vertx.currentContext();
    vertx
        .executeBlocking(body, false)
        .onSuccess(content -> Answers.later(context, request, () -> answer.accept(content)))
        .onFailure(
            failure -> {
              LOG.error("A view could not be made: {}", request.path(), failure);
              Answers.later(
                  context,
                  request,
                  () -> Answers.text(request, 500, "The view failed: see the agent's log"));
            });
  }
}
