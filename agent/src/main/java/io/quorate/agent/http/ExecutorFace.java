package io.quorate.agent.http;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.agent.AgentCore;
import io.quorate.agent.executor.ExecutorCallRefusal;
import io.quorate.agent.flags.ExecutorSettings;
import io.quorate.protocol.Messages;
import io.quorate.protocol.http.Answers;
import io.quorate.protocol.http.EdgeRequest;
import io.quorate.protocol.http.RequestBodies;
import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.v1.executor.Call;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * {@code POST /api/v1/executor}: the checks in Mesos's order, then the core (Mesos 1.3, 4.6). What
 * is said here is believed of whoever reaches the port, unless tokens are asked for.
 */
final class ExecutorFace {
  private static final String BEARER = "Bearer ";

  private final Vertx vertx;
  private final ExecutorSettings settings;
  private final AgentCore core;

  ExecutorFace(Vertx vertx, ExecutorSettings settings, AgentCore core) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
  }

  void handle(HttpServerRequest request) {
    boolean genuine = core.tokens().genuine(token(request));
    if (genuine) {
      EdgeRequest.known(request);
    }
    if (settings.authenticate() && !genuine) {
      request.response().putHeader("WWW-Authenticate", "Bearer realm=\"mesos-agent-executor\"");
      Answers.text(request, 401, "Expecting the token that the executor was started with");
      return;
    }
    if (!core.recovered()) {
      Answers.text(request, 503, "Agent has not finished recovery");
      return;
    }
    if (!request.method().equals(HttpMethod.POST)) {
      request.response().putHeader("Allow", "POST");
      Answers.text(
          request,
          405,
          "405 Method Not Allowed. Expecting one of { 'POST' }, but received '"
              + request.method()
              + "'.");
      return;
    }
    String contentType = request.getHeader("Content-Type");
    if (contentType == null) {
      Answers.text(request, 400, "Expecting 'Content-Type' to be present");
      return;
    }
    Optional<MediaType> type = MediaType.ofContentType(contentType);
    if (type.isEmpty()) {
      Answers.text(
          request, 415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
      return;
    }
    RequestBodies.read(request, settings.callBytesMax(), body -> parse(request, type.get(), body));
  }

  /** Of the header, or nothing. */
  private static String token(HttpServerRequest request) {
    String header = request.getHeader("Authorization");
    return header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
  }

  private void parse(HttpServerRequest request, MediaType type, byte[] body) {
    Call call;
    try {
      call =
          type == MediaType.PROTOBUF
              ? Messages.parse(Call.parser(), body)
              : ProtoJson.merge(body, Call.newBuilder()).build();
    } catch (InvalidProtocolBufferException e) {
      Answers.text(request, 400, "Failed to parse body into Call protobuf");
      return;
    } catch (JsonSyntaxException e) {
      Answers.text(request, 400, "Failed to parse body into JSON: " + e.getMessage());
      return;
    } catch (JsonMappingException e) {
      Answers.text(request, 400, "Failed to convert JSON into Call protobuf: " + e.getMessage());
      return;
    }
    Optional<String> invalid = ExecutorCalls.validate(call);
    if (invalid.isPresent()) {
      Answers.text(request, 400, "Failed to validate executor::Call: " + invalid.get());
    } else if (call.getType() == Call.Type.UNKNOWN) {
      Answers.text(request, 501, "Received 'UNKNOWN' call");
    } else if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(request, call);
    } else {
      Context context = Vertx.currentContext();
      core.post(
          () ->
              core.call(
                  call,
                  token(request),
                  null,
                  refusal -> Answers.later(context, request, () -> answer(request, refusal))));
    }
  }

  private static void answer(HttpServerRequest request, Optional<ExecutorCallRefusal> refusal) {
    if (refusal.isPresent()) {
      Answers.text(request, refusal.get().status(), refusal.get().text());
    } else {
      Answers.empty(request, 202);
    }
  }

  private void subscribe(HttpServerRequest request, Call call) {
    Optional<MediaType> accepted = MediaType.accepted(request.getHeader("Accept"));
    if (accepted.isEmpty()) {
      Answers.text(
          request,
          406,
          "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
      return;
    }
    ExecutorEventStream stream =
        new ExecutorEventStream(
            vertx,
            request,
            accepted.get(),
            settings,
            broken -> core.post(() -> core.closed(broken)));
    core.post(
        () ->
            core.call(
                call,
                token(request),
                stream,
                refusal ->
                    refusal.ifPresent(why -> stream.refuse(() -> answer(request, refusal)))));
  }
}
