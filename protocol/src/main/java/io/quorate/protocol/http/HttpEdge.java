package io.quorate.protocol.http;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.http.HttpServerRequestInternal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HTTP port: what its {@link HttpBounds} say of connections and bodies, what its {@link
 * SitePolicy} says of pages, and its {@link Endpoints}. It speaks HTTP/1.1 and 1.0 only.
 *
 * <p>Bytes of strangers cost a connection's buffers and, where a body is read, what the budget
 * allows; a connection that is not served is closed in time. Any thread may start and stop it;
 * requests are handled on their event loops.
 */
public final class HttpEdge {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);
  private static final int HEAD_BYTES_MAX = 32 << 10;
  private static final long SWEEP_MILLIS = 1_000;

  /** In bodies; what is refused is read and forgotten, but not without end. */
  private static final long FORGOTTEN_MAX = 64;

  private static final String CORS_METHODS = "GET, POST, OPTIONS";
  private static final String CORS_HEADERS = "Authorization, Content-Type, Accept, Mesos-Stream-Id";

  private final Vertx vertx;
  private final HttpBounds bounds;
  private final SitePolicy sites;
  private final Endpoints endpoints;
  private final BodyBudget budget;
  private final ConnectionTable<HttpConnection> table;

  /** Requests whose bodies are not whole, to answer them when their time is over. */
  private final Map<HttpConnection, EdgeRequest> reading = new HashMap<>();

  private HttpServer server;
  private long sweep = -1;

  public HttpEdge(Vertx vertx, HttpBounds bounds, SitePolicy sites, Endpoints endpoints) {
    this.vertx = vertx;
    this.bounds = bounds;
    this.sites = sites;
    this.endpoints = endpoints;
    this.budget = new BodyBudget(bounds.bufferedBytesMax(), bounds.strangersBytesMax());
    this.table = new ConnectionTable<>(bounds);
  }

  /** Binds the port. */
  public Future<HttpServer> listen(String ip, int port) {
    server =
        vertx.createHttpServer(
            new HttpServerOptions()
                .setHost(ip)
                .setPort(port)
                .setTcpNoDelay(true)
                .setHttp2ClearTextEnabled(false)
                .setDecompressionSupported(true)
                .setMaxHeaderSize(HEAD_BYTES_MAX)
                .setMaxInitialLineLength(HEAD_BYTES_MAX));
    server.connectionHandler(this::connected);
    server.requestHandler(this::received);
    server.exceptionHandler(failure -> LOG.debug("A connection failed", failure));
    sweep = vertx.setPeriodic(SWEEP_MILLIS, id -> closeOverdue());
    return server.listen();
  }

  /** Takes no more requests. */
  public Future<Void> close() {
    vertx.cancelTimer(sweep);
    return server == null ? Future.succeededFuture() : server.close();
  }

  private static long nowMillis() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  private void connected(HttpConnection connection) {
    List<HttpConnection> leaving;
    synchronized (table) {
      String address = connection.remoteAddress().hostAddress();
      leaving = table.opened(connection, String.valueOf(address), nowMillis());
    }
    connection.closeHandler(
        nothing -> {
          synchronized (table) {
            table.closed(connection);
            reading.remove(connection);
          }
        });
    leaving.forEach(
        closing -> {
          LOG.debug("No room for the connection of {}: closed", closing.remoteAddress());
          var unused = closing.close();
        });
  }

  private void closeOverdue() {
    Map<HttpConnection, Optional<EdgeRequest>> overdue = new HashMap<>();
    synchronized (table) {
      for (HttpConnection connection : table.overdue(nowMillis())) {
        overdue.put(connection, Optional.ofNullable(reading.remove(connection)));
      }
    }
    overdue.forEach(
        (connection, request) ->
            request.ifPresentOrElse(
                HttpEdge::tooLate,
                () -> {
                  var unused = connection.close();
                }));
  }

  private static void tooLate(EdgeRequest request) {
    request
        .context()
        .runOnContext(
            nothing -> {
              if (request.response().headWritten() || request.response().closed()) {
                var unused = request.connection().close();
              } else {
                var unused =
                    Answers.start(request, 408)
                        .putHeader("Content-Type", "text/plain; charset=utf-8")
                        .putHeader("Connection", "close")
                        .end("The body did not come in time. Nothing was done")
                        .onComplete(done -> request.connection().close());
              }
            });
  }

  private void received(HttpServerRequest raw) {
    HttpConnection connection = raw.connection();
    EdgeRequest request =
        new EdgeRequest((HttpServerRequestInternal) raw, budget, new Life(raw, connection));
    synchronized (table) {
      table.head(connection, nowMillis());
      reading.put(connection, request);
    }
    raw.exceptionHandler(failure -> LOG.debug("A request broke off", failure));
    Answers.guarded(request, () -> admit(request));
  }

  /** Where one request of a connection is. */
  private final class Life implements EdgeRequest.Progress {
    private final HttpServerRequest raw;
    private final HttpConnection connection;
    private boolean whole;
    private boolean over;

    Life(HttpServerRequest raw, HttpConnection connection) {
      this.raw = raw;
      this.connection = connection;
    }

    @Override
    public void whole() {
      whole = true;
      synchronized (table) {
        reading.remove(connection);
        table.whole(connection);
        if (over) {
          table.answered(connection, nowMillis());
        }
      }
    }

    @Override
    public void over() {
      over = true;
      if (whole) {
        synchronized (table) {
          table.answered(connection, nowMillis());
        }
        return;
      }
      if ("100-continue".equalsIgnoreCase(raw.getHeader("Expect"))) {
        // Whether its body follows is its choice, and nobody knows where the next request begins.
        var unused = connection.close();
        return;
      }
      long[] forgotten = {0};
      raw.handler(
          part -> {
            forgotten[0] += part.length();
            if (forgotten[0] > FORGOTTEN_MAX * bounds.bodyBytesMax()) {
              var unused = connection.close();
            }
          });
    }
  }

  /** What is looked at before the endpoint is asked. */
  private void admit(EdgeRequest request) {
    HttpServerResponse response = request.response();
    response
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    if (request.headers().getAll("Host").size() > 1) {
      Answers.text(request, 400, "Expecting one 'Host'");
      return;
    }
    Optional<SitePolicy.Refusal> stranger = sites.host(request.getHeader("Host"));
    if (stranger.isPresent()) {
      Answers.text(request, stranger.get().status(), stranger.get().text());
      return;
    }
    String origin = request.getHeader("Origin");
    if (origin != null && sites.isAllowed(origin)) {
      response
          .putHeader("Access-Control-Allow-Origin", origin)
          .putHeader("Access-Control-Allow-Credentials", "true")
          .putHeader("Access-Control-Expose-Headers", "Mesos-Stream-Id")
          .putHeader("Vary", "Origin");
    }
    // Of "OPTIONS *" there is none, which is about the whole port.
    String path = request.path() == null ? "*" : request.path();
    Optional<Endpoint> endpoint = endpoints.find(path);
    if (path.equals("*") && request.method().name().equals("OPTIONS")) {
      response.putHeader("Allow", "GET, HEAD, POST, PUT, DELETE, OPTIONS");
      Answers.empty(request, 200);
    } else if (endpoint.isEmpty()) {
      Answers.text(request, 404, "404 Not Found.");
    } else if (request.method().name().equals("OPTIONS")) {
      options(request, endpoint.get());
    } else {
      judged(request, endpoint.get());
    }
  }

  /** What may be asked here (RFC 9110, 9.3.7), and whether a page of an allowed origin may. */
  private static void options(EdgeRequest request, Endpoint endpoint) {
    HttpServerResponse response =
        request.response().putHeader("Allow", endpoint.allow() + ", OPTIONS");
    if (response.headers().contains("Access-Control-Allow-Origin")) {
      response
          .putHeader("Access-Control-Allow-Methods", CORS_METHODS)
          .putHeader("Access-Control-Allow-Headers", CORS_HEADERS);
    }
    Answers.empty(request, 200);
  }

  private void judged(EdgeRequest request, Endpoint endpoint) {
    boolean jsonp = false;
    if (endpoint.kind() != Endpoint.Kind.CALL) {
      try {
        // Read here once and for all: later it would fail wherever a parameter is looked at.
        jsonp = request.params().contains(Jsonp.PARAMETER);
      } catch (IllegalArgumentException e) {
        Answers.text(request, 400, "The query cannot be decoded: " + e.getMessage());
        return;
      }
    }
    String method = request.method().name();
    Optional<SitePolicy.Refusal> refusal =
        sites.judge(endpoint.kind(), method, jsonp, request::getHeader);
    if (refusal.isPresent()) {
      Answers.text(request, refusal.get().status(), refusal.get().text());
    } else if (endpoint.kind() == Endpoint.Kind.VIEW && !endpoint.takes(method)) {
      Answers.notAllowed(request, endpoint);
    } else {
      endpoint.handler().accept(request);
    }
  }

  /** Connections that are open, for metrics. */
  public int connections() {
    synchronized (table) {
      return table.size();
    }
  }

  /** Bytes of bodies that are held, for metrics. */
  public long heldBytes() {
    return budget.held();
  }
}
