package io.quorate.master.http.operator;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.quorate.log.LogStatus;
import io.quorate.log.MemberProgress;
import io.quorate.log.MembershipException;
import io.quorate.log.NotLeaderException;
import io.quorate.log.ReplicatedLog;
import io.quorate.master.access.Action;
import io.quorate.master.http.access.Access;
import io.quorate.master.http.access.Realm;
import io.quorate.master.http.server.Replies;
import io.quorate.master.leader.MasterCore;
import io.quorate.master.leader.MasterView;
import io.quorate.protocol.http.Answers;
import io.quorate.protocol.http.RequestBodies;
import io.quorate.protocol.json.MediaType;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in the quorum and who leads it: {@code /quorate/members}, {@code /quorate/leader} and
 * {@code /quorate/snapshot}. The leader answers once a change is committed; others redirect, but
 * for a snapshot, which is of the member that is asked.
 */
public final class MembersFace {
  private static final Logger LOG = LoggerFactory.getLogger(MembersFace.class);

  /** The paths of orders about the quorum. */
  public static final List<String> PATHS =
      List.of("/quorate/members", "/quorate/leader", "/quorate/snapshot");

  private static final JsonFactory JSON = new JsonFactory();
  private static final int BODY_BYTES_MAX = 64 << 10;
  private static final long POLL_MILLIS = 20;
  private static final int POLLS_MAX = 500;

  private final Vertx vertx;
  private final Access access;
  private final MasterCore core;
  private final ReplicatedLog log;

  public MembersFace(Vertx vertx, Access access, MasterCore core, ReplicatedLog log) {
    this.vertx = vertx;
    this.access = access;
    this.core = core;
    this.log = log;
  }

  /** Whether a path is also looked at. */
  public static boolean shown(String path) {
    return path.equals("/quorate/members");
  }

  public void handle(HttpServerRequest request, String path) {
    boolean read = shown(path) && Answers.reads(request.method());
    if (!read && !request.method().equals(HttpMethod.POST)) {
      Replies.notPost(request);
      return;
    }
    access
        .enter(request, read ? Realm.READONLY : Realm.READWRITE)
        .ifPresent(principal -> enter(request, path, principal, read));
  }

  private void enter(HttpServerRequest request, String path, String principal, boolean read) {
    if (!read && !access.acls().allow(Action.UPDATE_QUORUM, principal)) {
      Replies.text(
          request, 403, "Principal '" + principal + "' is not authorized to update_quorum");
      return;
    }
    boolean here = path.equals("/quorate/snapshot");
    if (!here && !core.view().leading()) {
      Replies.elsewhere(request, core.view());
      return;
    }
    if (read) {
      answer(request, log.progress(), this::members);
      return;
    }
    RequestBodies.read(
        request,
        BODY_BYTES_MAX,
        body -> {
          try {
            order(request, path, body, principal);
          } catch (MembersOrder.Wrong e) {
            Replies.text(request, 400, e.getMessage());
          }
        });
  }

  private void order(HttpServerRequest request, String path, byte[] body, String principal)
      throws MembersOrder.Wrong {
    List<String> now = log.status().members();
    switch (path) {
      case "/quorate/members" -> {
        List<String> wanted = MembersOrder.members(body, now);
        LOG.info("Members from {} to {}, as '{}' asks", now, wanted, principal);
        answer(
            request, log.changeMembers(wanted).thenCompose(done -> log.progress()), this::members);
      }
      case "/quorate/leader" -> {
        String member = MembersOrder.member(body, now).orElse(null);
        LOG.info("The lead to {}, as '{}' asks", member == null ? "any" : member, principal);
        answer(request, log.transferLeadership(member), done -> leader());
      }
      default -> answer(request, log.snapshot(), done -> snapshot());
    }
  }

  /** Writes what became of it, on the request's event loop. */
  private <T> void answer(
      HttpServerRequest request,
      CompletableFuture<T> outcome,
      java.util.function.Function<T, byte[]> body) {
    Context context = Vertx.currentContext();
    outcome.whenComplete(
        (done, failure) ->
            Replies.later(
                context,
                request,
                () -> {
                  if (failure == null) {
                    json(request, body.apply(done));
                  } else {
                    failed(request, failure);
                  }
                }));
  }

  private void failed(HttpServerRequest request, Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof MembershipException) {
      Replies.text(request, 409, "Nothing was changed: " + cause.getMessage());
    } else if (cause instanceof NotLeaderException) {
      // The next leader is elected, but says so only with its first entry.
      await(POLLS_MAX, view -> Replies.unavailable(request, view, cause));
    } else {
      LOG.warn("{} failed", request.path(), cause);
      Replies.unavailable(request, core.view(), cause);
    }
  }

  private void await(int polls, Consumer<MasterView> then) {
    MasterView view = core.view();
    boolean known = view.leader() != null && !view.leader().equals(view.self());
    if (known || polls == 0) {
      then.accept(view);
    } else {
      vertx.setTimer(POLL_MILLIS, id -> await(polls - 1, then));
    }
  }

  private static void json(HttpServerRequest request, byte[] body) {
    var unused =
        Replies.start(request, 200)
            .putHeader("Content-Type", MediaType.JSON.text())
            .end(io.vertx.core.buffer.Buffer.buffer(body));
  }

  private interface Writing {
    void to(JsonGenerator json) throws IOException;
  }

  private static byte[] written(Writing writing) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      writing.to(json);
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  /** Members that did not answer have no index and no lag, and are not reachable. */
  private byte[] members(List<MemberProgress> members) {
    LogStatus status = log.status();
    // Not behind what is committed: entries of Raft itself are committed and applied nowhere.
    long furthest =
        members.stream().mapToLong(member -> member.appliedIndex().orElse(0)).max().orElse(0);
    return written(
        json -> {
          json.writeStringField("leader", status.leader());
          json.writeArrayFieldStart("members");
          for (MemberProgress member : members) {
            json.writeStartObject();
            json.writeStringField("member", member.member());
            json.writeStringField(
                "role", member.member().equals(status.leader()) ? "leader" : "follower");
            json.writeBooleanField("reachable", member.appliedIndex().isPresent());
            if (member.appliedIndex().isPresent()) {
              long applied = member.appliedIndex().getAsLong();
              json.writeNumberField("applied_index", applied);
              json.writeNumberField("lag", furthest - applied);
            }
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  private byte[] leader() {
    return written(json -> json.writeStringField("leader", log.status().leader()));
  }

  private byte[] snapshot() {
    return written(json -> json.writeNumberField("snapshot_index", log.status().snapshotIndex()));
  }
}
