package io.quorate.log.transport;

import io.quorate.log.wire.GoneAnswer;
import io.quorate.log.wire.GoneQuery;
import io.quorate.log.wire.ProgressAnswer;
import io.quorate.log.wire.ProgressQuery;
import io.quorate.log.wire.Response;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Keeps a connection to every other member only to notice its end. When one breaks and a new one is
 * refused, the process behind it is gone, and there is no need to wait for a time-out; a connection
 * that merely falls silent, or cannot be made, says nothing.
 *
 * <p>One member's view is not enough, since its own link may have been cut: a majority, this member
 * counted, must find the same ({@link #confirmedGone}).
 */
public final class PeerWatch {
  private static final long RETRY_MILLIS = 500;

  /** How often, and how soon, a member is tried again whose connection has just broken. */
  private static final int SOON_ATTEMPTS = 10;

  private static final long SOON_MILLIS = 50;
  private static final int CONNECT_MILLIS_MAX = 1_000;
  private static final int ANSWER_MILLIS_MAX = 1_000;

  private final TransportOptions options;
  private final NetClient client;
  private final Consumer<String> gone;
  private final Map<String, Link> links = new ConcurrentHashMap<>();
  private volatile List<String> peers = List.of();
  private volatile boolean stopped;

  /**
   * @param gone told, on an event loop, of a member whose connection broke and then was refused;
   *     again and again until it is back
   */
  public PeerWatch(TransportOptions options, Consumer<String> gone) {
    this.options = options;
    this.gone = gone;
    this.client =
        options
            .vertx()
            .createNetClient(
                new NetClientOptions()
                    .setTcpNoDelay(true)
                    .setTcpKeepAlive(true)
                    .setConnectTimeout(CONNECT_MILLIS_MAX));
  }

  /** Watches these members from now on. */
  public void watch(List<String> others) {
    List<String> before = peers;
    peers = List.copyOf(others);
    for (String peer : before) {
      if (!others.contains(peer)) {
        Link left = links.remove(peer);
        if (left != null) {
          left.close();
        }
      }
    }
    for (String peer : others) {
      if (!before.contains(peer)) {
        connect(peer, false, 0);
      }
    }
  }

  /**
   * Opens a connection, and another one when it ends.
   *
   * @param broken whether a connection stood before and broke. This stays so until one stands
   *     again: a dying process may take one more connection before its port closes, and only the
   *     next one is refused.
   * @param soon how many more attempts come soon: an election waits for the refusal
   */
  private void connect(String peer, boolean broken, int soon) {
    if (stopped || !peers.contains(peer)) {
      return;
    }
    Link link = Link.open(options, client, peer);
    links.put(peer, link);
    link.ready()
        .whenComplete(
            (ready, failure) -> {
              if (failure == null) {
                link.closed().thenRun(() -> connect(peer, true, SOON_ATTEMPTS));
                return;
              }
              boolean refused = GoneCheck.isRefusal(failure);
              if (broken && refused) {
                gone.accept(peer);
              }
              // Once it was told, what follows from it is given its time.
              int left = refused ? 0 : Math.max(0, soon - 1);
              options
                  .vertx()
                  .setTimer(
                      left > 0 ? SOON_MILLIS : RETRY_MILLIS, id -> connect(peer, broken, left));
            });
  }

  /** Whether a majority of all members, this one among them, finds the process gone. */
  public CompletableFuture<Boolean> confirmedGone(String suspect) {
    List<CompletableFuture<Boolean>> answers = new ArrayList<>();
    for (String peer : peers) {
      Link link = links.get(peer);
      if (!peer.equals(suspect) && link != null && link.usable()) {
        answers.add(
            link.send(GoneQuery.newBuilder().setAddress(suspect).build(), ANSWER_MILLIS_MAX)
                .thenApply(PeerWatch::isGone)
                .exceptionally(failure -> false));
      }
    }
    int members = peers.size() + 1;
    return CompletableFuture.allOf(answers.toArray(new CompletableFuture<?>[0]))
        .thenApply(
            done -> {
              long agreeing = 1 + answers.stream().filter(answer -> answer.join()).count();
              return agreeing > members / 2;
            });
  }

  /** What a member has applied, as it says itself; empty if it does not answer. */
  public CompletableFuture<OptionalLong> appliedIndex(String peer) {
    Link link = links.get(peer);
    if (link == null || !link.usable()) {
      return CompletableFuture.completedFuture(OptionalLong.empty());
    }
    return link.send(ProgressQuery.getDefaultInstance(), ANSWER_MILLIS_MAX)
        .thenApply(response -> OptionalLong.of(progress(response).getAppliedIndex()))
        .exceptionally(failure -> OptionalLong.empty());
  }

  /**
   * Who the members are, as the log of any member says, watched or not; empty if its log is, or if
   * it does not answer.
   */
  public CompletableFuture<List<String>> membersAt(String peer) {
    Link link = Link.open(options, client, peer);
    return link.ready()
        .thenCompose(ready -> ready.send(ProgressQuery.getDefaultInstance(), ANSWER_MILLIS_MAX))
        .thenApply(response -> List.copyOf(progress(response).getMembersList()))
        .exceptionally(failure -> List.of())
        .whenComplete((members, failure) -> link.close());
  }

  private static ProgressAnswer progress(Response response) {
    try {
      return ProgressAnswer.parseFrom(response.getPayload());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private static boolean isGone(Response response) {
    try {
      return GoneAnswer.parseFrom(response.getPayload()).getGone();
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      return false;
    }
  }

  /** Whether the connection to this member stands, both sides proven. */
  boolean connected(String peer) {
    Link link = links.get(peer);
    return link != null && link.usable();
  }

  /** Lets go of everything. */
  public void stop() {
    stopped = true;
    links.values().forEach(Link::close);
    var unused = client.close();
  }
}
