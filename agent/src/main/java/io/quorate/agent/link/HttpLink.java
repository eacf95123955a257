package io.quorate.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link over HTTP. Any master is asked first; a follower names the leader (307). A link that
 * breaks is opened again, fast at first, then with doubling pauses and jitter. State is confined to
 * one event loop; what is heard is handed to the agent's core thread.
 */
public final class HttpLink implements MasterLink {
  private static final Logger LOG = LoggerFactory.getLogger(HttpLink.class);
  private static final String PATH = "/api/v1/agent";
  private static final String LINK_ID = "Quorate-Link-Id";
  private static final int RECORD_BYTES_MAX = 64 << 20;
  private static final long BACKOFF_MILLIS_MIN = 50;
  private static final long BACKOFF_MILLIS_MAX = 5_000;
  private static final int CALL_MILLIS_MAX = 10_000;
  private static final int CALLS_MAX = 256;
  private static final double DOUBT_AFTER_PINGS = 1.2;
  private static final int DOUBT_AGAIN_MILLIS = 2_000;

  private final Vertx vertx;
  private final HttpClientAgent streams;
  private final HttpClientAgent calls;
  private final List<String> masters;
  private final Optional<SharedSecret> secret;
  private Consumer<Runnable> core;
  private Listener listener;
  private String target;
  private int next;
  private long backoffMillis = BACKOFF_MILLIS_MIN;
  private long attempt;
  private HttpClientResponse stream;
  private long silenceTimer = -1;
  private double silenceSeconds = 75;
  private long doubtTimer = -1;
  private double pingSeconds = 15;
  private volatile String linkId = "";
  private volatile String linkTarget = "";

  public HttpLink(Vertx vertx, List<String> masters, Optional<SharedSecret> secret) {
    this.vertx = vertx;
    this.masters = List.copyOf(masters);
    this.secret = secret;
    HttpClientOptions options =
        new HttpClientOptions().setConnectTimeout(2_000).setTcpNoDelay(true);
    this.streams = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(2));
    this.calls =
        vertx.createHttpClient(
            options, new PoolOptions().setHttp1MaxSize(8).setMaxWaitQueueSize(CALLS_MAX * 64));
  }

  /**
   * Opens the link and keeps it up.
   *
   * @param coreThread runs things on the agent's core thread
   */
  public void start(Listener agent, Consumer<Runnable> coreThread) {
    listener = agent;
    core = coreThread;
    vertx.runOnContext(nothing -> connect());
  }

  @Override
  public boolean up() {
    return !linkId.isEmpty();
  }

  // All below runs on one event loop, but for what is handed to the core.

  private void connect() {
    long mine = ++attempt;
    core.accept(
        () -> {
          AgentCall subscription = listener.subscription();
          vertx.runOnContext(nothing -> subscribe(mine, subscription));
        });
  }

  private void subscribe(long mine, AgentCall subscription) {
    if (mine != attempt) {
      return;
    }
    String master = target != null ? target : masters.get(next++ % masters.size());
    byte[] body = subscription.toByteArray();
    streams
        .request(options(master))
        .compose(request -> write(request, body, "").send(Buffer.buffer(body)))
        .onSuccess(response -> answered(mine, master, response))
        .onFailure(failure -> retry(mine, master + ": " + failure.getMessage()));
  }

  private static RequestOptions options(String master) {
    int colon = master.lastIndexOf(':');
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost(master.substring(0, colon))
        .setPort(Integer.parseInt(master.substring(colon + 1)))
        .setURI(PATH);
  }

  private HttpClientRequest write(HttpClientRequest request, byte[] body, String link) {
    request.putHeader("Content-Type", "application/x-protobuf");
    if (!link.isEmpty()) {
      request.putHeader(LINK_ID, link);
    }
    secret.ifPresent(
        shared ->
            request.putHeader(
                "Authorization",
                shared.authorization(
                    "POST",
                    PATH,
                    body,
                    Clock.systemUTC().instant(),
                    UUID.randomUUID().toString())));
    return request;
  }

  private void answered(long mine, String master, HttpClientResponse response) {
    if (mine != attempt) {
      response.request().connection().close();
      return;
    }
    if (response.statusCode() == 200) {
      opened(mine, master, response);
    } else if (response.statusCode() == 307) {
      target = target(response);
      response.resume();
      connect();
    } else {
      response
          .body()
          .onComplete(
              body ->
                  retry(
                      mine,
                      master
                          + " answered "
                          + response.statusCode()
                          + " "
                          + (body.succeeded() ? body.result().toString() : "")));
    }
  }

  private static String target(HttpClientResponse response) {
    String location = String.valueOf(response.getHeader("Location"));
    return location.replaceFirst("^(http:)?//", "").split("/", 2)[0];
  }

  private void opened(long mine, String master, HttpClientResponse response) {
    stream = response;
    target = master;
    backoffMillis = BACKOFF_MILLIS_MIN;
    linkTarget = master;
    linkId = response.getHeader(LINK_ID);
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    listen(mine);
    response.exceptionHandler(failure -> retry(mine, "the link broke: " + failure.getMessage()));
    response.endHandler(nothing -> retry(mine, "the master ended the link"));
    response.handler(
        buffer -> {
          if (mine == attempt) {
            listen(mine);
            decoder.feed(buffer.getBytes(), record -> heard(mine, record));
          }
        });
  }

  /** Too long without a word, and the link counts as dead (CP-274). */
  private void listen(long mine) {
    vertx.cancelTimer(silenceTimer);
    silenceTimer =
        vertx.setTimer(
            (long) (silenceSeconds * 1000),
            id -> retry(mine, "silence for " + silenceSeconds + " s"));
    doubtIn((long) (pingSeconds * DOUBT_AFTER_PINGS * 1000), mine);
  }

  private void doubtIn(long millis, long mine) {
    vertx.cancelTimer(doubtTimer);
    doubtTimer = vertx.setTimer(millis, id -> doubt(mine));
  }

  /**
   * A ping is late. A leader that was cut off, or lost its power, does not say so: another master
   * may know who leads by now.
   */
  private void doubt(long mine) {
    List<String> others = masters.stream().filter(each -> !each.equals(linkTarget)).toList();
    if (mine != attempt || others.isEmpty()) {
      return;
    }
    String master = others.get(next++ % others.size());
    streams
        .request(
            options(master)
                .setMethod(HttpMethod.GET)
                .setURI("/redirect")
                .setTimeout(DOUBT_AGAIN_MILLIS))
        .compose(HttpClientRequest::send)
        .onComplete(
            answer -> {
              boolean redirected = answer.succeeded() && answer.result().statusCode() == 307;
              String leads = redirected ? target(answer.result()) : linkTarget;
              if (answer.succeeded()) {
                answer.result().resume();
              }
              if (mine != attempt) {
                return;
              }
              if (leads.equals(linkTarget)) {
                doubtIn(DOUBT_AGAIN_MILLIS, mine);
              } else {
                retry(mine, "a ping is late, and " + master + " says that " + leads + " leads");
                target = leads;
              }
            });
  }

  private void heard(long mine, byte[] record) {
    AgentEvent event;
    try {
      event = AgentEvent.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      retry(mine, "an event that cannot be read");
      return;
    }
    if (event.hasSubscribed()) {
      silenceSeconds = event.getSubscribed().getTotalPingTimeoutSeconds();
      pingSeconds = event.getSubscribed().getPingIntervalSeconds();
      listen(mine);
    }
    core.accept(() -> listener.event(event));
  }

  @Override
  public void leave(String why) {
    vertx.runOnContext(nothing -> retry(attempt, why));
  }

  private void retry(long mine, String why) {
    if (mine != attempt) {
      return;
    }
    attempt++;
    linkId = "";
    vertx.cancelTimer(silenceTimer);
    vertx.cancelTimer(doubtTimer);
    if (stream != null) {
      var unused = stream.request().connection().close();
      stream = null;
    }
    target = null;
    long pause = ThreadLocalRandom.current().nextLong(backoffMillis / 2, backoffMillis + 1);
    LOG.info("No link to a leader: {}; again in {} ms", why, pause);
    backoffMillis = Math.min(BACKOFF_MILLIS_MAX, backoffMillis * 2);
    vertx.setTimer(pause, id -> connect());
  }

  @Override
  public void send(AgentCall call, Runnable taken) {
    String link = linkId;
    if (link.isEmpty()) {
      return;
    }
    byte[] body = call.toByteArray();
    calls
        .request(options(linkTarget).setTimeout(CALL_MILLIS_MAX))
        .compose(request -> write(request, body, link).send(Buffer.buffer(body)))
        .onSuccess(
            response -> {
              response.resume();
              if (response.statusCode() == 202) {
                core.accept(taken);
              } else if (link.equals(linkId)) {
                LOG.warn("The master answered {} to {}", response.statusCode(), call.getType());
                leave("status " + response.statusCode());
              }
            })
        .onFailure(failure -> LOG.debug("A call was not answered", failure));
  }
}
