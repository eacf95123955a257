package io.quorate.master.http.server;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.quorate.master.leader.MasterView;
import io.quorate.protocol.Messages;
import io.quorate.protocol.http.RequestBodies;
import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.json.ProtoJson;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;
import java.util.function.Consumer;

/** The checks that come before a v1 call is looked at, in Mesos's order (1.3, steps 3 to 8). */
public final class CallReader {
  private CallReader() {}

  /**
   * Reads a call, or answers what is wrong.
   *
   * @param <C> the call message
   */
  public static <C extends Message> void read(
      HttpServerRequest request,
      MasterView view,
      int bodyBytesMax,
      Parser<C> parser,
      C prototype,
      Consumer<C> then) {
    if (!view.leading()) {
      Replies.elsewhere(request, view);
      return;
    }
    if (!request.method().equals(HttpMethod.POST)) {
      Replies.notPost(request);
      return;
    }
    String contentType = request.getHeader("Content-Type");
    if (contentType == null) {
      Replies.text(request, 400, "Expecting 'Content-Type' to be present");
      return;
    }
    Optional<MediaType> type = MediaType.ofContentType(contentType);
    if (type.isEmpty()) {
      Replies.text(
          request, 415, "Expecting 'Content-Type' of application/json or application/x-protobuf");
      return;
    }
    RequestBodies.read(
        request, bodyBytesMax, body -> parsed(request, type.get(), body, parser, prototype, then));
  }

  @SuppressWarnings("unchecked") // A message's builder builds that message.
  private static <C extends Message> void parsed(
      HttpServerRequest request,
      MediaType type,
      byte[] body,
      Parser<C> parser,
      C prototype,
      Consumer<C> then) {
    C call;
    try {
      call =
          type == MediaType.PROTOBUF
              ? Messages.parse(parser, body)
              : (C) ProtoJson.merge(body, prototype.newBuilderForType()).build();
    } catch (InvalidProtocolBufferException e) {
      Replies.text(request, 400, "Failed to parse body into Call protobuf");
      return;
    } catch (JsonSyntaxException e) {
      Replies.text(request, 400, "Failed to parse body into JSON: " + e.getMessage());
      return;
    } catch (JsonMappingException e) {
      Replies.text(request, 400, "Failed to convert JSON into Call protobuf: " + e.getMessage());
      return;
    }
    then.accept(call);
  }
}
