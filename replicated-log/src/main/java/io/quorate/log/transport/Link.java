package io.quorate.log.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.quorate.log.wire.Challenge;
import io.quorate.log.wire.Frame;
import io.quorate.log.wire.Hello;
import io.quorate.log.wire.Proof;
import io.quorate.log.wire.Request;
import io.quorate.log.wire.Response;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.security.GeneralSecurityException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One outgoing connection: handshake first, then requests by number. When it breaks, everything
 * pending on it fails at once. The server is believed only after it has proven that it knows the
 * secret: whoever took a dead member's port must not be sent the log, nor be counted as a vote.
 */
final class Link {
  private static final int HANDSHAKE_SECONDS_MAX = 5;

  private final TransportOptions options;
  private final String address;
  private final CompletableFuture<Link> ready = new CompletableFuture<>();
  private final CompletableFuture<Void> closed = new CompletableFuture<>();
  private final Map<Long, CompletableFuture<Response>> pending = new ConcurrentHashMap<>();
  private final AtomicLong ids = new AtomicLong();
  private final SessionKeys keys = SessionKeys.fresh();
  private volatile NetSocket socket;
  private volatile Outbox outbox;
  private volatile long heardNanos = System.nanoTime();

  /** There once the server has proven itself. Event loop only. */
  private Optional<FrameCipher.Pair> ciphers = Optional.empty();

  /** Whether the server was told our proof, and took it. Event loop only. */
  private boolean welcome;

  private Link(TransportOptions options, String address) {
    this.options = options;
    this.address = address;
  }

  /** Starts to connect; {@link #ready} tells how it went. */
  static Link open(TransportOptions options, NetClient client, String address) {
    Link link = new Link(options, address);
    int colon = address.lastIndexOf(':');
    client
        .connect(Integer.parseInt(address.substring(colon + 1)), address.substring(0, colon))
        .onSuccess(link::connected)
        .onFailure(link::fail);
    var unused =
        link.ready
            .orTimeout(HANDSHAKE_SECONDS_MAX, TimeUnit.SECONDS)
            .exceptionally(
                failure -> {
                  link.close();
                  return null;
                });
    return link;
  }

  /** Completes when requests may be sent; fails if the connection or the handshake did. */
  CompletableFuture<Link> ready() {
    return ready;
  }

  /** Completes when the connection is over. */
  CompletableFuture<Void> closed() {
    return closed;
  }

  boolean usable() {
    return ready.isDone() && !ready.isCompletedExceptionally() && !closed.isDone();
  }

  boolean over() {
    return closed.isDone() || ready.isCompletedExceptionally();
  }

  /**
   * Sends a request. Fails at once if too many are pending, if the other side has not read what was
   * sent before (more than a largest frame of it) or if the connection is over; after the time-out
   * it is forgotten, and the connection is given up if nothing at all was heard since.
   */
  CompletableFuture<Response> send(Message message, long timeoutMillis) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    if (pending.size() >= options.pendingMax()) {
      answer.completeExceptionally(
          new IllegalStateException(options.pendingMax() + " requests are pending to " + address));
      return answer;
    }
    long id = ids.incrementAndGet();
    long sent = System.nanoTime();
    pending.put(id, answer);
    var unusedTimeout =
        answer
            .orTimeout(timeoutMillis, TimeUnit.MILLISECONDS)
            .whenComplete(
                (response, failure) -> {
                  pending.remove(id);
                  // After a partition TCP waits longer and longer before it sends again.
                  if (failure instanceof TimeoutException && heardNanos - sent < 0) {
                    close();
                  }
                });
    if (closed.isDone()) {
      answer.completeExceptionally(broken());
      return answer;
    }
    Request.Builder request =
        Request.newBuilder()
            .setId(id)
            .setType(message.getClass().getName())
            .setPayload(message.toByteString());
    if (!outbox.write(Frame.newBuilder().setRequest(request).build())) {
      answer.completeExceptionally(
          new IllegalStateException(address + " does not read what it is sent"));
    }
    return answer;
  }

  void close() {
    NetSocket open = socket;
    if (open != null) {
      var unused = open.close();
    }
    fail(broken());
  }

  private void connected(NetSocket open) {
    socket = open;
    if (closed.isDone()) {
      // Closed while it was still being made.
      var unused = open.close();
      return;
    }
    outbox = new Outbox(open, options.frameBytesMax());
    open.closeHandler(nothing -> fail(broken()));
    open.exceptionHandler(failure -> open.close());
    Frames.read(options.vertx(), open, options.frameBytesMax(), new Incoming());
    ByteString nonce = keys.nonce();
    write(
        Frame.newBuilder()
            .setHello(
                Hello.newBuilder()
                    .setNonce(nonce)
                    .setMac(Handshake.mark(options.secret(), address, nonce))));
  }

  private final class Incoming implements Frames.Listener {
    @Override
    public Optional<FrameCipher> cipher() {
      return welcome ? ciphers.map(FrameCipher.Pair::in) : Optional.empty();
    }

    @Override
    public void accept(Frame frame) {
      frame(frame);
    }
  }

  private void frame(Frame frame) {
    heardNanos = System.nanoTime();
    switch (frame.getWhatCase()) {
      case CHALLENGE -> challenge(frame.getChallenge());
      case WELCOME -> {
        if (ciphers.isPresent() && !welcome) {
          welcome = true;
          outbox.seal(ciphers.get().out());
          ready.complete(this);
        } else {
          distrust();
        }
      }
      case RESPONSE -> {
        if (!welcome) {
          distrust();
          return;
        }
        CompletableFuture<Response> answer = pending.remove(frame.getResponse().getId());
        if (answer != null) {
          answer.complete(frame.getResponse());
        }
      }
      case HELLO, PROOF, REQUEST, WHAT_NOT_SET -> close();
    }
  }

  private void challenge(Challenge challenge) {
    ByteString server = challenge.getNonce();
    ByteString nonce = keys.nonce();
    ByteString expected = Handshake.mac(options.secret(), "server", address, nonce, server);
    if (ciphers.isPresent()
        || !Handshake.isNonce(server)
        || !Handshake.equal(expected, challenge.getMac())) {
      distrust();
      return;
    }
    try {
      ciphers = Optional.of(keys.ofClient(options.secret(), address, server));
    } catch (GeneralSecurityException e) {
      distrust();
      return;
    }
    ByteString mac = Handshake.mac(options.secret(), "client", address, nonce, server);
    write(Frame.newBuilder().setProof(Proof.newBuilder().setMac(mac)));
  }

  private void distrust() {
    fail(new IllegalStateException(address + " does not know the cluster's secret"));
    close();
  }

  private void write(Frame.Builder frame) {
    var unused = outbox.write(frame.build());
  }

  private void fail(Throwable why) {
    ready.completeExceptionally(why);
    closed.complete(null);
    pending.values().forEach(answer -> answer.completeExceptionally(why));
  }

  private IllegalStateException broken() {
    return new IllegalStateException("the connection to " + address + " is broken");
  }
}
