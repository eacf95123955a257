package io.quorate.agent.link;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.auth.SharedSecret;
import io.quorate.protocol.link.LinkKeys;
import io.quorate.protocol.link.MasterHandshake;
import io.quorate.protocol.link.SigningKey;
import io.quorate.protocol.recordio.RecordIo;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/** A master that proves itself, opens links and says SUBSCRIBED; a test may make it lie. */
final class TestMaster {
  static final SigningKey CLUSTER =
      SigningKey.ofCluster("the secret of a quorum".getBytes(StandardCharsets.UTF_8));

  final List<AgentCall> subscriptions = new CopyOnWriteArrayList<>();
  final List<AgentCall> calls = new CopyOnWriteArrayList<>();
  final AtomicInteger hellos = new AtomicInteger();
  volatile SigningKey key = CLUSTER;
  volatile Optional<SharedSecret> secret = Optional.empty();

  /** Who leads, at each HELLO; empty for this one. */
  volatile java.util.function.IntSupplier leader = () -> 0;

  /** What answers HELLO instead. */
  volatile Optional<io.vertx.core.Handler<HttpServerRequest>> instead = Optional.empty();

  /** What is written on the stream behind SUBSCRIBED. */
  volatile BiConsumer<LinkKeys, HttpServerRequest> after = (keys, request) -> {};

  volatile boolean provesAnswers = true;

  private final List<MasterHandshake> named = new ArrayList<>();
  private final int port;

  TestMaster(Vertx vertx) {
    port =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "127.0.0.1")
            .toCompletionStage()
            .toCompletableFuture()
            .join()
            .actualPort();
  }

  int port() {
    return port;
  }

  private void handle(HttpServerRequest request) {
    request.body().onSuccess(body -> handle(request, body.getBytes()));
  }

  private void handle(HttpServerRequest request, byte[] body) {
    try {
      String link = request.getHeader(LinkKeys.ID_HEADER);
      if (link == null) {
        hello(request, AgentCall.parseFrom(body));
        return;
      }
      LinkKeys keys =
          named.stream()
              .filter(handshake -> handshake.proof().getLinkId().equals(link))
              .findFirst()
              .orElseThrow()
              .keys();
      long number = Long.parseLong(request.getHeader(LinkKeys.NUMBER_HEADER));
      AgentCall call = AgentCall.parseFrom(keys.toMaster().open(number, body));
      if (number == 0) {
        subscriptions.add(call);
        request.response().setChunked(true);
        write(request, keys.toAgent().seal(0, subscribed(1).toByteArray()));
        after.accept(keys, request);
      } else {
        calls.add(call);
        if (provesAnswers) {
          request.response().putHeader(LinkKeys.MAC_HEADER, keys.answer(number, 202));
        }
        request.response().setStatusCode(202).end();
      }
    } catch (GeneralSecurityException | InvalidProtocolBufferException e) {
      request.response().setStatusCode(409).end();
    }
  }

  private void hello(HttpServerRequest request, AgentCall hello) {
    hellos.incrementAndGet();
    if (instead.isPresent()) {
      instead.get().handle(request);
      return;
    }
    int leads = leader.getAsInt();
    MasterHandshake handshake =
        MasterHandshake.answer(
            hello, key, secret, "link-" + hellos, leads == 0 ? "" : "127.0.0.1:" + leads);
    named.add(handshake);
    request
        .response()
        .setStatusCode(401)
        .putHeader("WWW-Authenticate", "Quorate-Link")
        .end(Buffer.buffer(handshake.proof().toByteArray()));
  }

  static AgentEvent subscribed(long term) {
    AgentEvent.Builder event =
        AgentEvent.newBuilder().setType(AgentEvent.Type.SUBSCRIBED).setTerm(term);
    event.getSubscribedBuilder().setPingIntervalSeconds(0.2).setTotalPingTimeoutSeconds(600);
    event.getSubscribedBuilder().getAgentIdBuilder().setValue("S0");
    event.getSubscribedBuilder().getMasterInfoBuilder().setId("m").setIp(0).setPort(1);
    return event.build();
  }

  static void write(HttpServerRequest request, byte[] record) {
    var unused = request.response().write(Buffer.buffer(RecordIo.encode(record)));
  }
}
