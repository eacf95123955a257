package io.quorate.master.http.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.server.HttpExchange;
import io.quorate.master.http.server.Replies;
import io.quorate.master.leader.MasterCore;
import io.quorate.protocol.Messages;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.http.EdgeRequest;
import io.quorate.protocol.http.RequestBodies;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.UUID;

/**
 * {@code POST /api/v1/agent} over HTTP: it authenticates the agent, reads the call, and performs
 * what an {@link AgentFaceCore} decides.
 */
public final class AgentFace {
  private final Vertx vertx;
  private final FaceSettings settings;
  private final MasterCore core;
  private final EventStreams<AgentEvent> links;
  private final AgentFaceCore face;

  public AgentFace(
      Vertx vertx, FaceSettings settings, MasterCore core, EventStreams<AgentEvent> links) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
    this.links = links;
    this.face =
        new AgentFaceCore(
            new FaceEnvironment(core, System::nanoTime, () -> UUID.randomUUID().toString()), links);
  }

  public void handle(HttpServerRequest request) {
    if (!core.view().leading()) {
      Replies.elsewhere(request, core.view());
    } else if (!request.method().equals(HttpMethod.POST)) {
      Replies.notPost(request);
    } else {
      String link = request.getHeader(AgentFaceCore.LINK_ID);
      if (link != null && links.ids().contains(link)) {
        // Nobody but its agent was told the name of an open link.
        EdgeRequest.known(request);
      }
      RequestBodies.read(request, settings.bodyBytesMax(), body -> authenticated(request, body));
    }
  }

  private void authenticated(HttpServerRequest request, byte[] body) {
    boolean known =
        settings.agentSecret().isPresent()
            ? settings
                .agentSecret()
                .get()
                .verify(
                    request.getHeader("Authorization"),
                    "POST",
                    "/api/v1/agent",
                    body,
                    Clock.systemUTC().instant())
            : loopback(request.remoteAddress().host());
    if (!known) {
      request.response().putHeader("WWW-Authenticate", "Quorate-HMAC-SHA256");
      Replies.text(request, 401, "This agent does not know the agents' secret");
      return;
    }
    AgentCall call;
    try {
      call = Messages.parse(AgentCall.parser(), body);
    } catch (InvalidProtocolBufferException e) {
      Replies.text(request, 400, "Failed to parse body into AgentCall protobuf");
      return;
    }
    face.take(HttpExchange.asked(request), call, new HttpExchange<>(vertx, core, request));
  }

  private static boolean loopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
