package io.quorate.master.http.agent;

import com.google.protobuf.ByteString;
import io.quorate.protocol.link.LinkKeys;
import io.quorate.protocol.link.MasterHandshake;
import io.quorate.protocol.link.NumberWindow;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The links of agents that this master knows the keys of: those that were named to somebody and are
 * not open yet, each for a short time and each for one use, and the open ones. Any thread.
 */
final class LinkSessions {
  /** One more ends the oldest: whoever asks for many ends their own first. */
  private static final int NAMED_MAX = 1024;

  private static final long NAMED_NANOS_MAX = TimeUnit.SECONDS.toNanos(15);

  private final Map<String, Named> named = new LinkedHashMap<>();
  private final Map<String, Session> open = new ConcurrentHashMap<>();

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
        synchronized (numbers) {
          return numbers.take(number) ? Optional.of(said) : Optional.empty();
        }
      } catch (GeneralSecurityException e) {
        return Optional.empty();
      }
    }
  }

  /** A link was named to an agent. */
  synchronized void named(MasterHandshake handshake, long nowNanos) {
    if (named.size() >= NAMED_MAX) {
      named.remove(named.keySet().iterator().next());
    }
    named.put(handshake.proof().getLinkId(), new Named(handshake, nowNanos));
  }

  /** Whether anything said on this link is worth to be read. */
  synchronized boolean known(String linkId) {
    return open.containsKey(linkId) || named.containsKey(linkId);
  }

  /** The handshake of a link that is to be opened; it is given away once. */
  synchronized Optional<MasterHandshake> take(String linkId, long nowNanos) {
    return Optional.ofNullable(named.remove(linkId))
        .filter(taken -> nowNanos - taken.sinceNanos < NAMED_NANOS_MAX)
        .map(Named::handshake);
  }

  void opened(Session session) {
    open.put(session.keys().id(), session);
  }

  Optional<Session> session(String linkId) {
    return Optional.ofNullable(open.get(linkId));
  }

  void closed(String linkId) {
    open.remove(linkId);
  }

  /**
   * What came with a SUBSCRIBE.
   *
   * @param key the agent's, proven
   */
  record Opening(Session session, byte[] said, ByteString key) {}
}
