package io.quorate.master.http.agent;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.Call;
import io.quorate.master.event.CloseLink;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.server.EventStreams;
import io.quorate.master.http.server.Replies;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.protocol.Messages;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.http.RequestBodies;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.recordio.RecordIo;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.util.Optional;
import java.util.UUID;

/** {@code POST /api/v1/agent}: what agents say, and the link on which they are told. */
public final class AgentFace {
  public static final String LINK_ID = "Quorate-Link-Id";

  private final FaceSettings settings;
  private final MasterCore core;
  private final EventStreams<AgentEvent> links;

  public AgentFace(FaceSettings settings, MasterCore core, EventStreams<AgentEvent> links) {
    this.settings = settings;
    this.core = core;
    this.links = links;
  }

  public void handle(HttpServerRequest request) {
    if (!core.view().leading()) {
      Replies.elsewhere(request, core.view());
    } else if (!request.method().equals(HttpMethod.POST)) {
      Replies.notPost(request);
    } else {
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
    Optional<String> lack = AgentCallValidation.validate(call);
    if (lack.isPresent()) {
      Replies.text(request, 400, lack.get());
      return;
    }
    switch (call.getType()) {
      case SUBSCRIBE -> subscribe(request, call);
      case UPDATE, UNREGISTER, EXECUTOR_MESSAGE, EXECUTOR_EXITED, OPERATION_UPDATE ->
          submit(request, call);
      case PONG -> {
        core.heard(call, header(request));
        Replies.empty(request, 202);
      }
      case UNKNOWN -> Replies.text(request, 400, "Expecting 'type' to be present");
    }
  }

  private static boolean loopback(String address) {
    try {
      return InetAddress.getByName(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private static String header(HttpServerRequest request) {
    String id = request.getHeader(LINK_ID);
    return id == null ? "" : id;
  }

  private void submit(HttpServerRequest request, AgentCall call) {
    core.heard(call, header(request));
    Context context = Vertx.currentContext();
    core.submit(call(call, header(request), request.remoteAddress().host()))
        .whenComplete(
            (answer, failure) ->
                Replies.later(
                    context,
                    request,
                    () -> {
                      if (failure != null) {
                        Replies.unavailable(request, core.view(), failure);
                      } else if (answer instanceof Answer.Refused refused) {
                        Replies.text(request, refused.why().status(), refused.why().message());
                      } else {
                        Replies.empty(request, 202);
                      }
                    }));
  }

  private void subscribe(HttpServerRequest request, AgentCall call) {
    String linkId = UUID.randomUUID().toString();
    String[] agentId = {""};
    EventStreams<AgentEvent>.Stream link =
        links.register(
            linkId,
            request,
            event -> RecordIo.encode(event.toByteArray()),
            event -> {
              if (event.getType() == AgentEvent.Type.SUBSCRIBED) {
                agentId[0] = event.getSubscribed().getAgentId().getValue();
              }
            },
            () -> closed(agentId[0], linkId));
    Context context = Vertx.currentContext();
    core.submit(call(call, linkId, request.remoteAddress().host()))
        .whenComplete(
            (answer, failure) ->
                Replies.later(
                    context,
                    request,
                    () -> {
                      if (failure != null) {
                        link.drop();
                        Replies.unavailable(request, core.view(), failure);
                      } else if (answer instanceof Answer.Refused refused) {
                        link.drop();
                        Replies.text(request, refused.why().status(), refused.why().message());
                      } else {
                        link.open(
                            response ->
                                Replies.start(request, 200)
                                    .putHeader(LINK_ID, linkId)
                                    .putHeader("Content-Type", MediaType.PROTOBUF.text()));
                      }
                    }));
  }

  private void closed(String agentId, String linkId) {
    if (!agentId.isEmpty()) {
      var unused =
          core.submit(
              Call.newBuilder()
                  .setCloseLink(CloseLink.newBuilder().setAgentId(agentId).setLinkId(linkId))
                  .build());
    }
  }

  private static Call call(AgentCall call, String linkId, String address) {
    return Call.newBuilder()
        .setAgent(AgentLinkCall.newBuilder().setCall(call).setLinkId(linkId).setAddress(address))
        .build();
  }
}
