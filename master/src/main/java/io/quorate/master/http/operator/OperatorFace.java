package io.quorate.master.http.operator;

import com.google.protobuf.Descriptors.Descriptor;
import io.quorate.master.access.Action;
import io.quorate.master.event.OperatorCall;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.access.Visibility;
import io.quorate.master.http.server.CallReader;
import io.quorate.master.http.server.Replies;
import io.quorate.master.http.server.Versions;
import io.quorate.master.http.server.Views;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.master.Call;
import io.quorate.protocol.v1.master.Response;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** {@code POST /api/v1}: what operators ask and order (Mesos 6.1). */
public final class OperatorFace {
  /** As Mesos writes these, and no others (CP-061). */
  private static final Set<Descriptor> WITH_EMPTY_LISTS =
      Set.of(
          Response.GetAgents.getDescriptor(),
          Response.GetExecutors.getDescriptor(),
          Response.GetFrameworks.getDescriptor(),
          Response.GetTasks.getDescriptor());

  private final Views views;
  private final Supplier<Gauges> gauges;
  private final FaceSettings settings;
  private final Versions versions;
  private final MasterCore core;
  private final OperatorEvents events;

  public OperatorFace(
      FaceSettings settings,
      Versions versions,
      MasterCore core,
      Views views,
      Supplier<Gauges> gauges,
      OperatorEvents events) {
    this.events = events;
    this.gauges = gauges;
    this.views = views;
    this.settings = settings;
    this.versions = versions;
    this.core = core;
  }

  public void handle(HttpServerRequest request, String principal) {
    CallReader.read(
        request,
        core.view(),
        settings.bodyBytesMax(),
        Call.parser(),
        Call.getDefaultInstance(),
        call -> handle(request, principal, call));
  }

  private void handle(HttpServerRequest request, String principal, Call call) {
    Optional<String> wrong = validate(call);
    if (wrong.isPresent()) {
      Replies.text(request, 400, "Failed to validate master::Call: " + wrong.get());
      return;
    }
    Optional<MediaType> accepted = MediaType.accepted(request.getHeader("Accept"));
    if (accepted.isEmpty()) {
      Replies.text(
          request,
          406,
          "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
      return;
    }
    if (call.getType() == Call.Type.SUBSCRIBE) {
      events.subscribe(request, principal);
    } else if (OperatorReads.answers(call.getType())) {
      read(request, principal, call, accepted.get());
    } else {
      order(request, principal, call, "");
    }
  }

  /** Type, and the message of the type where it has one (CP-025). */
  private static Optional<String> validate(Call call) {
    if (!call.hasType() || call.getType() == Call.Type.UNKNOWN) {
      return Optional.of("Expecting 'type' to be present");
    }
    String name = call.getType().name().toLowerCase(Locale.ROOT);
    var field = Call.getDescriptor().findFieldByName(name);
    return field != null && !call.hasField(field)
        ? Optional.of("Expecting '" + name + "' to be present")
        : Optional.empty();
  }

  /** From one frozen picture, off the event loop (CP-382). */
  private void read(HttpServerRequest request, String principal, Call call, MediaType type) {
    Visibility visible = new Visibility(settings.access().acls(), principal);
    OperatorReads reads = new OperatorReads(core.view(), versions, visible, gauges.get());
    if (call.getType() == Call.Type.GET_FLAGS && !visible.all(Action.VIEW_FLAGS)) {
      Replies.text(request, 403, "Not authorized to view_flags");
      return;
    }
    if (call.getType() == Call.Type.GET_METRICS && !visible.endpoint("/metrics/snapshot")) {
      Replies.text(request, 403, "Not authorized to get_endpoints /metrics/snapshot");
      return;
    }
    views.send(request, type.text(), out -> out.write(encode(reads.answer(call.getType()), type)));
  }

  private static byte[] encode(Response answer, MediaType type) {
    return type == MediaType.JSON
        ? ProtoJson.printBytes(answer, WITH_EMPTY_LISTS)
        : answer.toByteArray();
  }

  /**
   * Hands the call to the master.
   *
   * @param refusal comes before the reason of a refusal
   */
  public void order(HttpServerRequest request, String principal, Call call, String refusal) {
    io.quorate.master.event.Call.Builder asked =
        io.quorate.master.event.Call.newBuilder()
            .setOperator(OperatorCall.newBuilder().setCall(call));
    if (!principal.isEmpty()) {
      asked.setPrincipal(principal);
    }
    Context context = Vertx.currentContext();
    core.submit(asked.build())
        .whenComplete(
            (answer, failure) ->
                Replies.later(
                    context,
                    request,
                    () -> {
                      if (failure != null) {
                        Replies.unavailable(request, core.view(), failure);
                      } else if (answer instanceof Answer.Refused refused) {
                        Replies.text(
                            request, refused.why().status(), refusal + refused.why().message());
                      } else {
                        Replies.empty(request, done(call.getType()));
                      }
                    }));
  }

  /** 202 where the agent has its part to do yet. */
  private static int done(Call.Type type) {
    return switch (type) {
      case RESERVE_RESOURCES,
          UNRESERVE_RESOURCES,
          CREATE_VOLUMES,
          DESTROY_VOLUMES,
          GROW_VOLUME,
          SHRINK_VOLUME ->
          202;
      default -> 200;
    };
  }

  /** The type of the answer to a type of call. */
  public static Response.Type answerType(Call.Type type) {
    return Response.Type.valueOf(type.name());
  }
}
