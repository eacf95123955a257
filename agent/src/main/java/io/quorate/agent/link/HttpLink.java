package io.quorate.agent.link;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.MasterProof;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.link.AgentHandshake;
import io.quorate.protocol.link.LinkKeys;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.recordio.RecordIoException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The link over HTTP: it performs what a {@link LinkCore} decides. The core is confined to one
 * event loop, and what the master says is handed to the agent's core thread.
 *
 * <p>A master is told nothing but HELLO before it has proven itself, and of its answers nothing
 * else is believed: neither who leads, nor a status, nor an event.
 *
 * <p>Bounds: an event may have 64 MiB; of calls on a link 8 are under way at the same time and
 * 16,384 wait for their turn, more fail and are made again by the agent; a call that is not
 * answered for 10 s has failed.
 */
public final class HttpLink implements MasterLink {
  private static final Logger LOG = LoggerFactory.getLogger(HttpLink.class);
  private static final String PATH = "/api/v1/agent";
  private static final int PROOF_BYTES_MAX = 4096;
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
  private final LinkIdentity identity;
  private Consumer<Runnable> coreThread;
  private Listener listener;

  /** What the core says is open, with its keys; read by any thread. */
  private volatile Optional<Session> open = Optional.empty();

  // What follows belongs to the event loop.
  private final LinkCore core;
  private HttpClientRequest present;
  private Optional<Session> latest = Optional.empty();
  private long timer = -1;

  /**
   * Makes a link that is not started.
   *
   * @param masters {@code host:port} of masters; any of them will do
   * @param secret what agents and masters prove to each other that they know, where there is one
   * @param identity who this agent is, and whose
   * @throws IllegalArgumentException if one of the masters is not of that form
   */
  public HttpLink(
      Vertx vertx, List<String> masters, Optional<SharedSecret> secret, LinkIdentity identity) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.core = new LinkCore(masters);
    this.secret = secret;
    this.identity = identity;
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
    return open.map(Session::master);
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
    open = core.open().flatMap(link -> latest.filter(session -> session.is(link)));
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

  /**
   * A link to a master that has proven itself.
   *
   * @param clusterKey whose master it is
   * @param calls the number of the latest call
   * @param events how many events came
   */
  private record Session(
      String master, LinkKeys keys, ByteString clusterKey, AtomicLong calls, AtomicLong events) {
    boolean is(LinkCore.OpenLink link) {
      return link.linkId().equals(keys.id());
    }
  }

  private static HttpClientRequest with(HttpClientRequest request, Session session, long number) {
    return request
        .putHeader("Content-Type", "application/octet-stream")
        .putHeader(LinkKeys.ID_HEADER, session.keys().id())
        .putHeader(LinkKeys.NUMBER_HEADER, Long.toString(number));
  }

  // -- The handshake ----------------------------------------------------------------------------

  private void subscribe(LinkAction.Subscribe to, AgentCall subscription) {
    if (!core.isPresent(to.connection())) {
      return;
    }
    AgentHandshake handshake = new AgentHandshake(identity.key(), secret);
    streams
        .request(options(to.master()).setTimeout(CALL_MILLIS_MAX))
        .onSuccess(
            request -> {
              if (holds(to, request)) {
                hello(to, request, handshake, subscription);
              }
            })
        .onFailure(failure -> broken(to, to.master() + " cannot be reached", failure));
  }

  /** Whether a request is still wanted; it is closed if not. */
  private boolean holds(LinkAction.Subscribe to, HttpClientRequest request) {
    if (core.isPresent(to.connection())) {
      present = request;
      return true;
    }
    var unused = request.connection().close();
    return false;
  }

  private void hello(
      LinkAction.Subscribe to,
      HttpClientRequest request,
      AgentHandshake handshake,
      AgentCall subscription) {
    request
        .putHeader("Content-Type", "application/x-protobuf")
        .send(Buffer.buffer(handshake.hello().toByteArray()))
        .compose(HttpLink::proof)
        .onSuccess(proof -> proven(to, handshake, proof, subscription))
        .onFailure(failure -> broken(to, to.master() + " did not prove itself", failure));
  }

  /** What a master answers to HELLO; it is bounded, and anything else is a failure. */
  private static Future<MasterProof> proof(HttpClientResponse response) {
    Promise<MasterProof> promise = Promise.promise();
    Buffer body = Buffer.buffer();
    response.exceptionHandler(promise::tryFail);
    response.handler(
        part -> {
          if (body.length() + part.length() > PROOF_BYTES_MAX) {
            promise.tryFail("the answer is no proof: it is too long");
            var unused = response.request().connection().close();
          } else {
            body.appendBuffer(part);
          }
        });
    response.endHandler(
        nothing -> {
          try {
            if (response.statusCode() == 401
                && "Quorate-Link".equals(response.getHeader("WWW-Authenticate"))) {
              promise.tryComplete(MasterProof.parseFrom(body.getBytes()));
            }
          } catch (InvalidProtocolBufferException e) {
            LOG.debug("An answer to HELLO cannot be read", e);
          }
          String said = body.toString();
          promise.tryFail(
              "it answered "
                  + response.statusCode()
                  + " "
                  + said.substring(0, Math.min(said.length(), REFUSAL_SHOWN_MAX)));
        });
    return promise.future();
  }

  private void proven(
      LinkAction.Subscribe to,
      AgentHandshake handshake,
      MasterProof proof,
      AgentCall subscription) {
    if (!core.isPresent(to.connection())) {
      return;
    }
    Optional<String> doubt = handshake.validate(proof, identity.cluster());
    if (doubt.isPresent()) {
      String why = to.master() + " is not believed: it " + doubt.get();
      LOG.warn("{}", why);
      takeOnLoop(new LinkInput.Broken(to.connection(), why));
      return;
    }
    if (!proof.getLeader().isEmpty()) {
      takeOnLoop(new LinkInput.Answered(to.connection(), 307, proof.getLeader(), "", ""));
      return;
    }
    Session session;
    try {
      session =
          new Session(
              to.master(),
              handshake.keys(proof),
              proof.getClusterKey(),
              new AtomicLong(),
              new AtomicLong());
    } catch (GeneralSecurityException e) {
      broken(to, to.master() + " has no key", e);
      return;
    }
    String own = Base64.getEncoder().encodeToString(handshake.proof(proof).toByteArray());
    byte[] body = session.keys().toMaster().seal(0, subscription.toByteArray());
    streams
        .request(options(to.master()))
        .onSuccess(
            request -> {
              if (holds(to, request)) {
                send(to, request.putHeader(LinkKeys.PROOF_HEADER, own), session, body);
              }
            })
        .onFailure(failure -> broken(to, to.master() + " cannot be reached", failure));
  }

  private void send(
      LinkAction.Subscribe to, HttpClientRequest request, Session session, byte[] body) {
    with(request, session, 0)
        .send(Buffer.buffer(body))
        .onSuccess(response -> answered(to, response, session))
        .onFailure(failure -> broken(to, to.master() + " did not answer", failure));
  }

  // -- The stream -------------------------------------------------------------------------------

  private void broken(LinkAction.Subscribe to, String what, Throwable failure) {
    takeOnLoop(new LinkInput.Broken(to.connection(), what + ": " + failure));
  }

  private void answered(LinkAction.Subscribe to, HttpClientResponse response, Session session) {
    if (response.statusCode() == 200 && core.isPresent(to.connection())) {
      latest = Optional.of(session);
      read(to, response, session);
      takeOnLoop(new LinkInput.Answered(to.connection(), 200, "", session.keys().id(), ""));
      return;
    }
    Buffer refusal = Buffer.buffer();
    response.handler(
        part -> {
          if (refusal.length() < REFUSAL_SHOWN_MAX) {
            refusal.appendBuffer(part);
          }
        });
    response.endHandler(
        nothing -> {
          String said = refusal.toString();
          takeOnLoop(
              new LinkInput.Broken(
                  to.connection(),
                  to.master()
                      + " answered "
                      + response.statusCode()
                      + " "
                      + said.substring(0, Math.min(said.length(), REFUSAL_SHOWN_MAX))));
        });
    response.exceptionHandler(failure -> broken(to, "an answer broke off", failure));
  }

  private void read(LinkAction.Subscribe to, HttpClientResponse response, Session session) {
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    response.exceptionHandler(failure -> broken(to, "the link broke", failure));
    response.endHandler(
        nothing -> takeOnLoop(new LinkInput.Broken(to.connection(), "the master ended the link")));
    response.handler(
        buffer -> {
          takeOnLoop(new LinkInput.Heard(to.connection()));
          if (core.isPresent(to.connection())) {
            try {
              decoder.feed(buffer.getBytes(), record -> event(to, record, session));
            } catch (RecordIoException e) {
              broken(to, "the master does not send RecordIO", e);
            }
          }
        });
  }

  private void event(LinkAction.Subscribe to, byte[] record, Session session) {
    AgentEvent event;
    try {
      long number = session.events().getAndIncrement();
      event = AgentEvent.parseFrom(session.keys().toAgent().open(number, record));
      if (event.hasSubscribed()) {
        identity.belongTo(session.clusterKey());
      }
    } catch (GeneralSecurityException e) {
      broken(to, "an event is not the master's", e);
      return;
    } catch (InvalidProtocolBufferException e) {
      broken(to, "an event of the master cannot be read", e);
      return;
    } catch (IOException e) {
      broken(to, "the cluster's key cannot be kept", e);
      return;
    }
    takeOnLoop(new LinkInput.EventReceived(to.connection(), event));
  }

  /** An answer counts only if it is proven. */
  private void askWhoLeads(LinkAction.AskWhoLeads question) {
    AgentHandshake handshake = new AgentHandshake(identity.key(), secret);
    streams
        .request(options(question.master()).setTimeout(QUESTION_MILLIS_MAX))
        .compose(
            request ->
                request
                    .putHeader("Content-Type", "application/x-protobuf")
                    .send(Buffer.buffer(handshake.hello().toByteArray())))
        .compose(HttpLink::proof)
        .onComplete(
            answer -> {
              String leader = "";
              if (answer.succeeded()
                  && handshake.validate(answer.result(), identity.cluster()).isEmpty()) {
                String named = answer.result().getLeader();
                leader = named.isEmpty() ? question.master() : named;
              }
              take(new LinkInput.LeaderNamed(question.connection(), leader));
            });
  }

  @Override
  public void send(AgentCall call, Runnable taken) {
    Optional<Session> link = open;
    if (link.isEmpty()) {
      return;
    }
    Session session = link.get();
    byte[] body = call.toByteArray();
    long number = session.calls().incrementAndGet();
    calls
        .request(options(session.master()).setTimeout(CALL_MILLIS_MAX))
        .compose(
            request ->
                with(request, session, number)
                    .send(Buffer.buffer(session.keys().toMaster().seal(number, body))))
        .onSuccess(
            response -> {
              response.resume();
              int status = response.statusCode();
              String mac = response.getHeader(LinkKeys.MAC_HEADER);
              if (status == 202 && session.keys().answered(number, status, mac)) {
                coreThread.accept(taken);
              } else {
                LOG.warn("The master answered {} to {}", status, call.getType());
                take(new LinkInput.CallNotTaken(session.keys().id(), status));
              }
            })
        .onFailure(failure -> LOG.debug("A call was not answered", failure));
  }
}
