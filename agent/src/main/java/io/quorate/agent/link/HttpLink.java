package io.quorate.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.recordio.RecordIoException;
import io.vertx.core.Context;
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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link over HTTP: it performs what a {@link LinkCore} decides. The core is confined to one
 * event loop, and what the master says is handed to the agent's core thread.
 *
 * <p>Bounds: an event may have 64 MiB; of calls on a link 8 are under way at the same time and
 * 16,384 wait for their turn, more fail and are made again by the agent; a call that is not
 * answered for 10 s has failed.
 */
public final class HttpLink implements MasterLink {
  private static final Logger LOG = LoggerFactory.getLogger(HttpLink.class);
  private static final String PATH = "/api/v1/agent";
  private static final String LINK_ID = "Quorate-Link-Id";
  private static final int RECORD_BYTES_MAX = 64 << 20;
  private static final int CONNECT_MILLIS_MAX = 2_000;
  private static final int CALL_MILLIS_MAX = 10_000;
  private static final int QUESTION_MILLIS_MAX = 2_000;
  private static final int CALLS_UNDER_WAY_MAX = 8;
  private static final int CALLS_WAITING_MAX = 16_384;
  private static final int REFUSAL_SHOWN_MAX = 500;

  private final Vertx vertx;
  private final Context loop;
  private final HttpClientAgent streams;
  private final HttpClientAgent calls;
  private final Optional<SharedSecret> secret;
  private Consumer<Runnable> coreThread;
  private Listener listener;

  /** What the core says is open; read by any thread. */
  private volatile Optional<LinkCore.OpenLink> open = Optional.empty();

  // What follows belongs to the event loop.
  private final LinkCore core;
  private HttpClientRequest present;
  private long timer = -1;

  /**
   * Makes a link that is not started.
   *
   * @param masters {@code host:port} of masters; any of them will do
   * @param secret what the agent proves itself with, where the masters ask for it
   * @throws IllegalArgumentException if one of the masters is not of that form
   */
  public HttpLink(Vertx vertx, List<String> masters, Optional<SharedSecret> secret) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.core = new LinkCore(masters);
    this.secret = secret;
    HttpClientOptions options =
        new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS_MAX).setTcpNoDelay(true);
    this.streams = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(2));
    this.calls =
        vertx.createHttpClient(
            options,
            new PoolOptions()
                .setHttp1MaxSize(CALLS_UNDER_WAY_MAX)
                .setMaxWaitQueueSize(CALLS_WAITING_MAX));
  }

  /**
   * Opens the link and keeps it up from now on.
   *
   * @param agent the agent's side of the link
   * @param thread runs things on the agent's core thread
   */
  public void start(Listener agent, Consumer<Runnable> thread) {
    listener = agent;
    coreThread = thread;
    take(new LinkInput.Started());
  }

  @Override
  public boolean up() {
    return open.isPresent();
  }

  @Override
  public Optional<String> master() {
    return open.map(LinkCore.OpenLink::master);
  }

  @Override
  public void leave(String why) {
    take(new LinkInput.Left(why));
  }

  // -- The core's inputs and actions ------------------------------------------------------------

  /** Any thread may call it. */
  private void take(LinkInput input) {
    loop.runOnContext(nothing -> takeOnLoop(input));
  }

  private void takeOnLoop(LinkInput input) {
    long chance = ThreadLocalRandom.current().nextLong();
    List<LinkAction> actions = core.take(input, System.nanoTime(), chance);
    open = core.open();
    actions.forEach(this::perform);
  }

  private void perform(LinkAction action) {
    if (action instanceof LinkAction.Subscribe subscribe) {
      coreThread.accept(
          () -> {
            AgentCall subscription = listener.subscription();
            loop.runOnContext(nothing -> subscribe(subscribe, subscription));
          });
    } else if (action instanceof LinkAction.AskWhoLeads question) {
      askWhoLeads(question);
    } else if (action instanceof LinkAction.Close close) {
      LOG.info("There is no link to a leader: {}", close.why());
      close();
    } else if (action instanceof LinkAction.SetTimer set) {
      vertx.cancelTimer(timer);
      long millis = Duration.ofNanos(set.atNanos() - System.nanoTime()).toMillis() + 1;
      timer = vertx.setTimer(Math.max(1, millis), id -> takeOnLoop(new LinkInput.TimerDue()));
    } else if (action instanceof LinkAction.Deliver deliver) {
      coreThread.accept(() -> listener.event(deliver.event()));
    }
  }

  private void close() {
    if (present != null) {
      var unused = present.connection().close();
      present = null;
    }
  }

  // -- HTTP -------------------------------------------------------------------------------------

  private static RequestOptions options(String master) {
    int colon = master.lastIndexOf(':');
    return new RequestOptions()
        .setMethod(HttpMethod.POST)
        .setHost(master.substring(0, colon))
        .setPort(Integer.parseInt(master.substring(colon + 1)))
        .setURI(PATH);
  }

  private HttpClientRequest withHeaders(HttpClientRequest request, byte[] body, String link) {
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

  private static String header(HttpClientResponse response, String name) {
    String value = response.getHeader(name);
    return value == null ? "" : value;
  }

  private void subscribe(LinkAction.Subscribe to, AgentCall subscription) {
    if (!core.isPresent(to.connection())) {
      return;
    }
    byte[] body = subscription.toByteArray();
    streams
        .request(options(to.master()))
        .onSuccess(request -> send(to, request, body))
        .onFailure(failure -> broken(to, to.master() + " cannot be reached", failure));
  }

  private void send(LinkAction.Subscribe to, HttpClientRequest request, byte[] body) {
    if (!core.isPresent(to.connection())) {
      var unused = request.connection().close();
      return;
    }
    present = request;
    withHeaders(request, body, "")
        .send(Buffer.buffer(body))
        .onSuccess(response -> answered(to, response))
        .onFailure(failure -> broken(to, to.master() + " did not answer", failure));
  }

  private void broken(LinkAction.Subscribe to, String what, Throwable failure) {
    takeOnLoop(new LinkInput.Broken(to.connection(), what + ": " + failure));
  }

  private void answered(LinkAction.Subscribe to, HttpClientResponse response) {
    if (response.statusCode() == 200 && core.isPresent(to.connection())) {
      read(to, response);
      tell(to, response, "");
    } else {
      Buffer refusal = Buffer.buffer();
      response.handler(
          part -> {
            if (refusal.length() < REFUSAL_SHOWN_MAX) {
              refusal.appendBuffer(part);
            }
          });
      response.endHandler(nothing -> tell(to, response, refusal.toString()));
      response.exceptionHandler(failure -> broken(to, "an answer broke off", failure));
    }
  }

  private void tell(LinkAction.Subscribe to, HttpClientResponse response, String body) {
    takeOnLoop(
        new LinkInput.Answered(
            to.connection(),
            response.statusCode(),
            header(response, "Location"),
            header(response, LINK_ID),
            body.substring(0, Math.min(body.length(), REFUSAL_SHOWN_MAX))));
  }

  private void read(LinkAction.Subscribe to, HttpClientResponse response) {
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    response.exceptionHandler(failure -> broken(to, "the link broke", failure));
    response.endHandler(
        nothing -> takeOnLoop(new LinkInput.Broken(to.connection(), "the master ended the link")));
    response.handler(
        buffer -> {
          takeOnLoop(new LinkInput.Heard(to.connection()));
          if (core.isPresent(to.connection())) {
            try {
              decoder.feed(buffer.getBytes(), record -> event(to, record));
            } catch (RecordIoException e) {
              broken(to, "the master does not send RecordIO", e);
            }
          }
        });
  }

  private void event(LinkAction.Subscribe to, byte[] record) {
    AgentEvent event;
    try {
      event = AgentEvent.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      broken(to, "an event of the master cannot be read", e);
      return;
    }
    takeOnLoop(new LinkInput.EventReceived(to.connection(), event));
  }

  private void askWhoLeads(LinkAction.AskWhoLeads question) {
    streams
        .request(
            options(question.master())
                .setMethod(HttpMethod.GET)
                .setURI("/redirect")
                .setTimeout(QUESTION_MILLIS_MAX))
        .compose(HttpClientRequest::send)
        .onComplete(
            answer -> {
              String location = "";
              if (answer.succeeded()) {
                answer.result().resume();
                location =
                    answer.result().statusCode() == 307 ? header(answer.result(), "Location") : "";
              }
              take(new LinkInput.LeaderNamed(question.connection(), location));
            });
  }

  @Override
  public void send(AgentCall call, Runnable taken) {
    Optional<LinkCore.OpenLink> link = open;
    if (link.isEmpty()) {
      return;
    }
    byte[] body = call.toByteArray();
    calls
        .request(options(link.get().master()).setTimeout(CALL_MILLIS_MAX))
        .compose(
            request -> withHeaders(request, body, link.get().linkId()).send(Buffer.buffer(body)))
        .onSuccess(
            response -> {
              response.resume();
              if (response.statusCode() == 202) {
                coreThread.accept(taken);
              } else {
                LOG.warn("The master answered {} to {}", response.statusCode(), call.getType());
                take(new LinkInput.CallNotTaken(link.get().linkId(), response.statusCode()));
              }
            })
        .onFailure(failure -> LOG.debug("A call was not answered", failure));
  }
}
