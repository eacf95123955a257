package io.quorate.master.http.agent;

import com.google.protobuf.ByteString;
import io.quorate.protocol.link.LinkKeys;
import io.quorate.protocol.link.MasterHandshake;
import io.quorate.protocol.link.NumberWindow;
import java.security.GeneralSecurityException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * The links of agents that this master knows the keys of: those that were named to somebody and are
 * not open yet, each for a short time and each for one use, and the open ones. It is called on the
 * event loop of the face.
 */
final class LinkSessions {
  /** One more ends the oldest: whoever asks for many ends their own first. */
  private static final int NAMED_MAX = 1024;

  /** Links that are over are forgotten when there are this many of them, and as many as living. */
  private static final int FORGET_FROM = 64;

  private static final long NAMED_NANOS_MAX = TimeUnit.SECONDS.toNanos(15);

  private final Map<String, Named> named = new LinkedHashMap<>();
  private final Map<String, Session> open = new HashMap<>();
  private final Supplier<? extends Set<String>> streams;

  /**
   * Makes a table without links.
   *
   * @param streams the ids of the streams that there are: a link is over when its stream is
   */
  LinkSessions(Supplier<? extends Set<String>> streams) {
    this.streams = streams;
  }

  private record Named(MasterHandshake handshake, long sinceNanos) {}

  /** An open link. */
  static final class Session {
    private final LinkKeys keys;
    private final NumberWindow numbers = new NumberWindow();
    private long events;

    Session(LinkKeys keys) {
      this.keys = keys;
    }

    LinkKeys keys() {
      return keys;
    }

    /** Seals the next event. It is called on the event loop of the link's stream. */
    byte[] seal(byte[] event) {
      return keys.toAgent().seal(events++, event);
    }

    /** What the agent said under this number; empty if it did not, or said it before. */
    Optional<byte[]> open(long number, byte[] sealed) {
      try {
        byte[] said = keys.toMaster().open(number, sealed);
        return numbers.take(number) ? Optional.of(said) : Optional.empty();
      } catch (GeneralSecurityException e) {
        return Optional.empty();
      }
    }
  }

  /** A link was named to an agent. */
  void named(MasterHandshake handshake, long nowNanos) {
    if (named.size() >= NAMED_MAX) {
      named.remove(named.keySet().iterator().next());
    }
    named.put(handshake.proof().getLinkId(), new Named(handshake, nowNanos));
  }

  /** Whether anything said on this link is worth to be read. */
  boolean known(String linkId) {
    return session(linkId).isPresent() || named.containsKey(linkId);
  }

  /** The handshake of a link that is to be opened; it is given away once. */
  Optional<MasterHandshake> take(String linkId, long nowNanos) {
    return Optional.ofNullable(named.remove(linkId))
        .filter(taken -> nowNanos - taken.sinceNanos < NAMED_NANOS_MAX)
        .map(Named::handshake);
  }

  /** A link is being opened; its stream is registered next. */
  void opened(Session session) {
    Set<String> living = streams.get();
    if (open.size() > 2 * living.size() + FORGET_FROM) {
      open.keySet().retainAll(living);
    }
    open.put(session.keys().id(), session);
  }

  /** An open link, with what it takes to hear its agent. */
  Optional<Session> session(String linkId) {
    return streams.get().contains(linkId)
        ? Optional.ofNullable(open.get(linkId))
        : Optional.empty();
  }

  /**
   * What came with a SUBSCRIBE.
   *
   * @param key the agent's, proven
   */
  record Opening(Session session, byte[] said, ByteString key) {}
}
