package io.quorate.master.http.agent;

import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.Call;
import io.quorate.master.event.CloseLink;
import io.quorate.master.http.face.EventStream;
import io.quorate.master.http.face.EventStreams;
import io.quorate.master.http.face.Exchange;
import io.quorate.master.http.face.FaceEnvironment;
import io.quorate.master.http.face.FaceRequest;
import io.quorate.master.http.face.Reply;
import io.quorate.master.leader.MasterView;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.json.MediaType;
import java.util.Optional;

/**
 * All that the agents' face decides about a call of an agent that is authenticated and decoded,
 * without a clock, a thread or a socket: the checks, the answer, and the link of a subscription
 * with its end. {@link AgentFace} drives it over HTTP and the simulator over a simulated network.
 * No thread may enter while another is inside.
 */
public final class AgentFaceCore {
  public static final String LINK_ID = "Quorate-Link-Id";

  private final FaceEnvironment environment;
  private final EventStreams<AgentEvent> links;

  /**
   * Makes a face without links.
   *
   * @param links where the core of the master sends what agents are told
   */
  public AgentFaceCore(FaceEnvironment environment, EventStreams<AgentEvent> links) {
    this.environment = environment;
    this.links = links;
  }

  private MasterView view() {
    return environment.core().view();
  }

  /** Takes a decoded call. */
  public void take(FaceRequest request, AgentCall call, Exchange<AgentEvent> exchange) {
    if (!view().leading()) {
      exchange.answer(Reply.elsewhere(view(), request.target()));
      return;
    }
    Optional<String> lack = AgentCallValidation.validate(call);
    if (lack.isPresent()) {
      exchange.answer(Reply.text(400, lack.get()));
      return;
    }
    String linkId = request.header(LINK_ID).orElse("");
    switch (call.getType()) {
      case SUBSCRIBE -> subscribe(request, call, exchange);
      case UPDATE, UNREGISTER, EXECUTOR_MESSAGE, EXECUTOR_EXITED, OPERATION_UPDATE -> {
        environment.core().heard(call, linkId);
        exchange.submit(
            logged(request, call, linkId),
            (answer, failure) ->
                exchange.answer(
                    Reply.ofNotDone(view(), request.target(), answer, failure)
                        .orElseGet(() -> Reply.empty(202))));
      }
      case PONG -> {
        environment.core().heard(call, linkId);
        exchange.answer(Reply.empty(202));
      }
      case UNKNOWN -> exchange.answer(Reply.text(400, "Expecting 'type' to be present"));
    }
  }

  private void subscribe(FaceRequest request, AgentCall call, Exchange<AgentEvent> exchange) {
    String linkId = environment.uuids().get();
    EventStreams<AgentEvent>.Stream link =
        links.register(linkId, exchange, new Link(linkId, exchange));
    exchange.submit(
        logged(request, call, linkId),
        (answer, failure) -> {
          Optional<Reply> notDone = Reply.ofNotDone(view(), request.target(), answer, failure);
          if (notDone.isPresent()) {
            link.drop();
            exchange.answer(notDone.get());
          } else {
            Reply head = Reply.empty(200).with(LINK_ID, linkId);
            link.open(() -> exchange.begin(head, MediaType.PROTOBUF), events -> events);
          }
        });
  }

  private static Call logged(FaceRequest request, AgentCall call, String linkId) {
    return Call.newBuilder()
        .setAgent(
            AgentLinkCall.newBuilder()
                .setCall(call)
                .setLinkId(linkId)
                .setAddress(request.address()))
        .build();
  }

  /** Tells the core when a link ends, once it is known whose it was. */
  private static final class Link implements EventStream.Owner<AgentEvent> {
    private final String linkId;
    private final Exchange<AgentEvent> exchange;
    private String agentId = "";

    Link(String linkId, Exchange<AgentEvent> exchange) {
      this.linkId = linkId;
      this.exchange = exchange;
    }

    @Override
    public void sent(AgentEvent event) {
      if (event.getType() == AgentEvent.Type.SUBSCRIBED) {
        agentId = event.getSubscribed().getAgentId().getValue();
      }
    }

    @Override
    public void lost() {
      if (!agentId.isEmpty()) {
        exchange.submit(
            Call.newBuilder()
                .setCloseLink(CloseLink.newBuilder().setAgentId(agentId).setLinkId(linkId))
                .build(),
            (answer, failure) -> {});
      }
    }
  }
}
