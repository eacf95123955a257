package io.quorate.master.http.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.server.HttpExchange;
import io.quorate.master.http.server.Replies;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterView;
import io.quorate.protocol.Messages;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.AgentProof;
import io.quorate.protocol.http.EdgeRequest;
import io.quorate.protocol.http.RequestBodies;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.link.LinkKeys;
import io.quorate.protocol.link.MasterHandshake;
import io.quorate.protocol.link.SigningKey;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/**
 * {@code POST /api/v1/agent}: what agents say, and the link on which they are told.
 *
 * <p>In clear text an agent may only say HELLO, upon which this master proves itself. All else is
 * sealed with the keys of a link, and nothing of it is read before the link is known.
 */
public final class AgentFace {
  /** Of a HELLO, the only thing that is read of somebody unknown. */
  private static final int HELLO_BYTES_MAX = 1024;

  private static final int PROOF_CHARACTERS_MAX = 1024;
  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

  private final Vertx vertx;
  private final FaceSettings settings;
  private final MasterCore core;
  private final AgentFaceCore face;
  private final SigningKey cluster;
  private final LinkSessions sessions;

  /**
   * Makes the face.
   *
   * @param cluster the cluster's key pair, by which agents know its masters
   */
  public AgentFace(
      Vertx vertx,
      FaceSettings settings,
      MasterCore core,
      EventStreams<AgentEvent> links,
      SigningKey cluster) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
    this.face =
        new AgentFaceCore(
            new FaceEnvironment(core, System::nanoTime, () -> UUID.randomUUID().toString()), links);
    this.cluster = cluster;
    this.sessions = new LinkSessions(links::ids);
  }

  public void handle(HttpServerRequest request) {
    String link = header(request, LinkKeys.ID_HEADER);
    if (!request.method().equals(HttpMethod.POST)) {
      Replies.notPost(request);
    } else if (link.isEmpty()) {
      RequestBodies.read(request, HELLO_BYTES_MAX, body -> hello(request, body));
    } else if (!core.view().leading()) {
      Replies.elsewhere(request, core.view());
    } else if (!sessions.known(link)) {
      notCurrent(request);
    } else {
      if (sessions.session(link).isPresent()) {
        // Nobody but its agent and who listens to it was told the name of an open link.
        EdgeRequest.known(request);
      }
      RequestBodies.read(request, settings.bodyBytesMax(), body -> sealed(request, link, body));
    }
  }

  // -- The handshake ----------------------------------------------------------------------------

  private void hello(HttpServerRequest request, byte[] body) {
    AgentCall call;
    try {
      call = Messages.parse(AgentCall.parser(), body);
    } catch (InvalidProtocolBufferException e) {
      call = AgentCall.getDefaultInstance();
    }
    boolean here = settings.agentSecret().isPresent() || loopback(request.remoteAddress().host());
    if (!here
        || call.getType() != AgentCall.Type.HELLO
        || AgentCallValidation.validate(call).isPresent()
        || !MasterHandshake.worthy(call, settings.agentSecret())) {
      unknown(request);
      return;
    }
    MasterView view = core.view();
    if (!view.leading() && view.leader() == null) {
      Replies.text(request, 503, "No leader elected");
      return;
    }
    MasterHandshake handshake =
        MasterHandshake.answer(
            call,
            cluster,
            settings.agentSecret(),
            UUID.randomUUID().toString(),
            view.leading() ? "" : view.leader().getHostname() + ":" + view.leader().getPort());
    if (view.leading()) {
      sessions.named(handshake, System.nanoTime());
    }
    var unused =
        Replies.start(request, 401)
            .putHeader("WWW-Authenticate", "Quorate-Link")
            .putHeader("Content-Type", MediaType.PROTOBUF.text())
            .end(Buffer.buffer(handshake.proof().toByteArray()));
  }

  private static void unknown(HttpServerRequest request) {
    request.response().putHeader("WWW-Authenticate", "Quorate-Link");
    Replies.text(
        request,
        401,
        "This agent does not prove itself: it must begin with HELLO, and where the"
            + " masters have a secret for agents it must know it");
  }

  private static void notCurrent(HttpServerRequest request) {
    Replies.text(request, 409, "This is not the agent's current link: subscribe again");
  }

  private Optional<LinkSessions.Opening> opening(
      HttpServerRequest request, String link, byte[] body) {
    String proof = header(request, LinkKeys.PROOF_HEADER);
    Optional<MasterHandshake> named = sessions.take(link, System.nanoTime());
    if (named.isEmpty() || proof.length() > PROOF_CHARACTERS_MAX) {
      return Optional.empty();
    }
    try {
      AgentProof agent = AgentProof.parseFrom(Base64.getDecoder().decode(proof));
      if (!named.get().believes(agent)) {
        return Optional.empty();
      }
      LinkKeys keys = named.get().keys();
      return Optional.of(
          new LinkSessions.Opening(
              new LinkSessions.Session(keys), keys.toMaster().open(0, body), agent.getKey()));
    } catch (InvalidProtocolBufferException
        | IllegalArgumentException
        | GeneralSecurityException e) {
      return Optional.empty();
    }
  }

  // -- Calls ------------------------------------------------------------------------------------

  private void sealed(HttpServerRequest request, String link, byte[] body) {
    Optional<LinkSessions.Session> open = sessions.session(link);
    if (open.isEmpty()) {
      Optional<LinkSessions.Opening> opening = opening(request, link, body);
      if (opening.isEmpty()) {
        unknown(request);
      } else {
        LinkSessions.Opening proven = opening.get();
        call(request, proven.said(), true).ifPresent(call -> subscribe(request, call, proven));
      }
      return;
    }
    String number = header(request, LinkKeys.NUMBER_HEADER);
    Optional<byte[]> said =
        NUMBER.matcher(number).matches()
            ? open.get().open(Long.parseLong(number), body)
            : Optional.empty();
    if (said.isEmpty()) {
      notCurrent(request);
      return;
    }
    LinkKeys keys = open.get().keys();
    long counted = Long.parseLong(number);
    call(request, said.get(), false)
        .ifPresent(
            call ->
                face.take(
                    HttpExchange.asked(request),
                    call,
                    exchange(request)
                        .sealed(
                            event -> event,
                            reply ->
                                reply.with(
                                    LinkKeys.MAC_HEADER, keys.answer(counted, reply.status())))));
  }

  /** What was said; empty if it is no call of this kind, which is answered here. */
  private static Optional<AgentCall> call(
      HttpServerRequest request, byte[] said, boolean subscribes) {
    AgentCall call;
    try {
      call = Messages.parse(AgentCall.parser(), said);
    } catch (InvalidProtocolBufferException e) {
      Replies.text(request, 400, "Failed to parse body into AgentCall protobuf");
      return Optional.empty();
    }
    Optional<String> lack = AgentCallValidation.validate(call);
    boolean first = call.getType() == AgentCall.Type.SUBSCRIBE;
    if (lack.isPresent() || first != subscribes || call.getType() == AgentCall.Type.HELLO) {
      Replies.text(
          request, 400, lack.orElse("SUBSCRIBE is the first call of a link, and no other"));
      return Optional.empty();
    }
    return Optional.of(call);
  }

  private HttpExchange<AgentEvent> exchange(HttpServerRequest request) {
    return new HttpExchange<>(vertx, core, request);
  }

  private void subscribe(HttpServerRequest request, AgentCall call, LinkSessions.Opening opening) {
    LinkSessions.Session session = opening.session();
    String link = session.keys().id();
    sessions.opened(session);
    face.take(
        HttpExchange.asked(request),
        call,
        exchange(request).sealed(session::seal, reply -> reply),
        new AgentFaceCore.Opening(link, opening.key()));
  }

  private static boolean loopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String header(HttpServerRequest request, String name) {
    String value = request.getHeader(name);
    return value == null ? "" : value;
  }
}
