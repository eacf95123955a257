package io.quorate.agent.http;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.agent.AgentCore;
import io.quorate.agent.executor.ExecutorCallRefusal;
import io.quorate.agent.flags.ExecutorSettings;
import io.quorate.agent.state.ExecutorId;
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
 * {@code POST /api/v1/executor}: the checks in Mesos's order, then the core (Mesos 1.3, 4.6). A
 * caller is believed by the token that its executor was started with. One without a token is
 * believed if its socket belongs to a process of the executor's container, unless tokens are asked
 * for.
 */
final class ExecutorFace {
  private static final String BEARER = "Bearer ";

  private final Vertx vertx;
  private final ExecutorSettings settings;
  private final AgentCore core;
  private final CallerProof proof;

  ExecutorFace(Vertx vertx, ExecutorSettings settings, AgentCore core) {
    this.vertx = vertx;
    this.settings = settings;
    this.core = core;
    this.proof = new CallerProof(vertx, core);
  }

  void handle(HttpServerRequest request) {
    Optional<String> container = core.tokens().container(token(request));
    boolean without = request.getHeader("Authorization") == null;
    if (container.isPresent()) {
      EdgeRequest.known(request);
    } else if (settings.authenticate() || !without) {
      challenge(request);
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
    RequestBodies.read(
        request, settings.callBytesMax(), body -> parse(request, type.get(), body, container));
  }

  private static void challenge(HttpServerRequest request) {
    request.response().putHeader("WWW-Authenticate", "Bearer realm=\"mesos-agent-executor\"");
  }

  /** Returns the token of the header, or an empty text if there is none. */
  private static String token(HttpServerRequest request) {
    String header = request.getHeader("Authorization");
    return header != null && header.startsWith(BEARER) ? header.substring(BEARER.length()) : "";
  }

  private void parse(
      HttpServerRequest request, MediaType type, byte[] body, Optional<String> container) {
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
    } else if (container.isPresent()) {
      take(request, call, container);
    } else {
      ExecutorId executor = ExecutorId.of(call.getFrameworkId(), call.getExecutorId());
      proof.find(request, executor, found -> take(request, call, found));
    }
  }

  private void take(HttpServerRequest request, Call call, Optional<String> container) {
    if (call.getType() == Call.Type.SUBSCRIBE) {
      subscribe(request, call, container);
      return;
    }
    Context context = Vertx.currentContext();
    core.post(
        () ->
            core.call(
                call,
                container,
                null,
                refusal -> Answers.later(context, request, () -> answer(request, refusal))));
  }

  private static void answer(HttpServerRequest request, Optional<ExecutorCallRefusal> refusal) {
    if (refusal.isPresent()) {
      if (refusal.get().status() == 401) {
        challenge(request);
      }
      Answers.text(request, refusal.get().status(), refusal.get().text());
    } else {
      Answers.empty(request, 202);
    }
  }

  private void subscribe(HttpServerRequest request, Call call, Optional<String> container) {
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
                container,
                stream,
                refusal ->
                    refusal.ifPresent(why -> stream.refuse(() -> answer(request, refusal)))));
  }
}
