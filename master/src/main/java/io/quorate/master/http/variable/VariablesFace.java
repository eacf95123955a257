package io.quorate.master.http.variable;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import io.quorate.master.access.Acls;
import io.quorate.master.event.Call;
import io.quorate.master.event.ExpungeVariable;
import io.quorate.master.event.StoreVariable;
import io.quorate.master.event.VariableCall;
import io.quorate.master.event.VariableCondition;
import io.quorate.master.http.access.FaceSettings;
import io.quorate.master.http.access.Realm;
import io.quorate.master.http.server.Consistency;
import io.quorate.master.http.server.Paths;
import io.quorate.master.http.server.Replies;
import io.quorate.master.http.server.Views;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.VariableUsage;
import io.quorate.master.state.entity.FrameworkVariable;
import io.quorate.master.state.id.VariableKey;
import io.quorate.protocol.http.Answers;
import io.quorate.protocol.http.RequestBodies;
import io.quorate.protocol.json.MediaType;
import io.quorate.protocol.json.ProtoJson;
import io.quorate.protocol.variables.NamespaceEntry;
import io.quorate.protocol.variables.NamespaceList;
import io.quorate.protocol.variables.VariableEntry;
import io.quorate.protocol.variables.VariableList;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * GET, PUT and DELETE of frameworks' variables, with ETag, If-Match and If-None-Match. Every read
 * is linearizable, by any master; what changes something goes to the leader.
 */
public final class VariablesFace {
  /** The endpoint; namespaces and names are below it. */
  public static final String PATH = VariablePath.ROOT;

  public static final List<String> METHODS = List.of("GET", "PUT", "DELETE");

  private static final double NANOS_PER_SECOND = 1e9;
  private static final Set<Descriptor> WITH_EMPTY_LISTS =
      Set.of(VariableList.getDescriptor(), NamespaceList.getDescriptor());

  private final FaceSettings settings;
  private final MasterCore core;
  private final Views views;
  private final Supplier<String> versions;

  /**
   * The face of one master.
   *
   * @param versions mints versions, none of them twice
   */
  public VariablesFace(
      FaceSettings settings, MasterCore core, Views views, Supplier<String> versions) {
    this.settings = settings;
    this.core = core;
    this.views = views;
    this.versions = versions;
  }

  public void handle(HttpServerRequest request) {
    if (!Answers.reads(request.method()) && !METHODS.contains(request.method().name())) {
      request.response().putHeader("Allow", "GET, HEAD, PUT, DELETE");
      Replies.text(request, 405, "405 Method Not Allowed. Expecting GET, PUT or DELETE");
      return;
    }
    Optional<String> principal = settings.access().enter(request, Realm.SCHEDULER);
    if (principal.isEmpty()) {
      return;
    }
    VariablePath path;
    try {
      path = VariablePath.of(Paths.local(request));
    } catch (IllegalArgumentException e) {
      Replies.text(
          request, 400, "Namespace and name must be percent-encoded UTF-8: " + e.getMessage());
      return;
    }
    if (Answers.reads(request.method())) {
      Consistency.linearizable(request, core, read -> read(read, principal.get(), path));
    } else if (!core.view().leading()) {
      Replies.elsewhere(request, core.view());
    } else if (path.name().isEmpty()) {
      Replies.text(request, 400, "Expecting a path of " + PATH + "/NAMESPACE/NAME");
    } else {
      order(request, principal.get(), path);
    }
  }

  // -- Reads ------------------------------------------------------------------------------------

  private void read(HttpServerRequest request, String principal, VariablePath path) {
    Acls acls = settings.access().acls();
    MasterState state = core.view().state();
    if (path.namespace().isEmpty()) {
      list(request, () -> namespaces(state, acls, principal));
    } else if (!acls.allowVariables(principal, path.namespace())) {
      Replies.text(
          request,
          403,
          "Principal '"
              + principal
              + "' is not authorized to access_variables of namespace '"
              + path.namespace()
              + "'");
    } else if (path.name().isEmpty()) {
      list(request, () -> variables(state, path.namespace()));
    } else {
      state
          .variables()
          .find(new VariableKey(path.namespace(), path.name()))
          .ifPresentOrElse(
              variable -> value(request, variable),
              () ->
                  Replies.text(
                      request,
                      404,
                      "There is no variable '" + path.name() + "' in '" + path.namespace() + "'"));
    }
  }

  private void value(HttpServerRequest request, FrameworkVariable variable) {
    boolean known = VariableHeaders.known(request.getHeader("If-None-Match"), variable.version());
    HttpServerResponse response =
        Replies.start(request, known ? 304 : 200)
            .putHeader("ETag", VariableHeaders.tag(variable.version()))
            .putHeader("Cache-Control", "no-store");
    if (known) {
      var unused = response.end();
      return;
    }
    response.putHeader("Content-Type", "application/octet-stream");
    if (request.method().name().equals("HEAD")) {
      var unused = response.putHeader("Content-Length", "" + variable.value().size()).end();
    } else {
      var unused = response.end(Buffer.buffer(variable.value().toByteArray()));
    }
  }

  private void list(HttpServerRequest request, Supplier<Message> made) {
    Optional<MediaType> type = MediaType.accepted(request.getHeader("Accept"));
    if (type.isEmpty()) {
      Replies.text(
          request,
          406,
          "Expecting 'Accept' to allow 'application/x-protobuf' or 'application/json'");
      return;
    }
    Function<Message, byte[]> form =
        type.get() == MediaType.JSON
            ? message -> ProtoJson.printBytes(message, WITH_EMPTY_LISTS)
            : Message::toByteArray;
    views.send(request, type.get().text(), out -> out.write(form.apply(made.get())));
  }

  private static VariableList variables(MasterState state, String namespace) {
    VariableList.Builder list = VariableList.newBuilder();
    for (FrameworkVariable variable : state.variablesOf(namespace)) {
      list.addVariables(
          VariableEntry.newBuilder()
              .setName(variable.key().name())
              .setVersion(variable.version())
              .setBytes(variable.value().size())
              .setStored(variable.storedNanos() / NANOS_PER_SECOND));
    }
    return list.build();
  }

  private static NamespaceList namespaces(MasterState state, Acls acls, String principal) {
    NamespaceList.Builder list = NamespaceList.newBuilder();
    for (Map.Entry<String, VariableUsage> usage : state.variableUsage().entrySet()) {
      if (acls.allowVariables(principal, usage.getKey())) {
        list.addNamespaces(
            NamespaceEntry.newBuilder()
                .setName(usage.getKey())
                .setVariables(usage.getValue().count())
                .setBytes(usage.getValue().bytes()));
      }
    }
    return list.build();
  }

  // -- Orders -----------------------------------------------------------------------------------

  private void order(HttpServerRequest request, String principal, VariablePath path) {
    VariableCondition condition;
    try {
      condition = VariableHeaders.condition(request::getHeader);
    } catch (IllegalArgumentException e) {
      Replies.text(request, 400, e.getMessage());
      return;
    }
    VariableCall.Builder call =
        VariableCall.newBuilder().setNamespace(path.namespace()).setName(path.name());
    if (request.method().name().equals("DELETE")) {
      submit(
          request,
          principal,
          call.setExpunge(ExpungeVariable.newBuilder().setCondition(condition)),
          () -> Replies.empty(request, 204));
      return;
    }
    String named = request.getHeader(VariableHeaders.VERSION);
    String version = named == null ? versions.get() : named;
    RequestBodies.read(
        request,
        settings.bodyBytesMax(),
        body ->
            submit(
                request,
                principal,
                call.setStore(
                    StoreVariable.newBuilder()
                        .setValue(ByteString.copyFrom(body))
                        .setVersion(version)
                        .setCondition(condition)),
                () -> {
                  request.response().putHeader("ETag", VariableHeaders.tag(version));
                  Replies.empty(request, 204);
                }));
  }

  private void submit(
      HttpServerRequest request, String principal, VariableCall.Builder what, Runnable done) {
    Call.Builder call = Call.newBuilder().setVariable(what);
    if (!principal.isEmpty()) {
      call.setPrincipal(principal);
    }
    Context context = Vertx.currentContext();
    core.submit(call.build())
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
                        done.run();
                      }
                    }));
  }
}
