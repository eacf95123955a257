package io.quorate.log.transport;

import com.google.protobuf.ByteString;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The connections that have not proven themselves yet. There is a bound on them, in all and for one
 * address, and yet none is refused: a newcomer ends another one. First go those that sent no hello
 * with the secret's mark, of the address that holds most, the oldest before the others. So whoever
 * holds connections open ends their own, and a member, whose hello comes at once, stays. Any
 * thread.
 */
final class Strangers {
  private final int max;
  private final int ofOneAddressMax;
  private final Set<Stranger> present = new LinkedHashSet<>();

  Strangers(int max) {
    this.max = max;
    this.ofOneAddressMax = Math.max(1, max / 2);
  }

  /** One connection. */
  static final class Stranger {
    private final String address;
    private final Runnable end;
    private ByteString mark = ByteString.EMPTY;

    Stranger(String address, Runnable end) {
      this.address = address;
      this.end = end;
    }

    private boolean marked() {
      return !mark.isEmpty();
    }
  }

  /** Ends another one, or two, if there are too many now. */
  void came(Stranger newcomer) {
    synchronized (this) {
      present.add(newcomer);
    }
    Map<String, Integer> counts = counts();
    if (counts.get(newcomer.address) != null && counts.get(newcomer.address) > ofOneAddressMax) {
      endOneOf(newcomer.address, newcomer);
    }
    if (size() > max) {
      counts().entrySet().stream()
          .max(Map.Entry.comparingByValue(Comparator.naturalOrder()))
          .ifPresent(busiest -> endOneOf(busiest.getKey(), newcomer));
    }
  }

  /**
   * Its hello has the secret's mark.
   *
   * @param nonce of the hello. The mark of one that is present already was overheard, and counts
   *     for nothing
   */
  synchronized void marked(Stranger stranger, ByteString nonce) {
    if (present.stream().noneMatch(other -> other.mark.equals(nonce))) {
      stranger.mark = nonce;
    }
  }

  /** It is over, or has proven itself. */
  synchronized void left(Stranger stranger) {
    present.remove(stranger);
  }

  synchronized int size() {
    return present.size();
  }

  private synchronized Map<String, Integer> counts() {
    Map<String, Integer> counts = new HashMap<>();
    present.forEach(stranger -> counts.merge(stranger.address, 1, Integer::sum));
    return counts;
  }

  private void endOneOf(String address, Stranger newcomer) {
    Stranger ended;
    synchronized (this) {
      Predicate<Stranger> other =
          stranger -> stranger.address.equals(address) && stranger != newcomer;
      ended =
          present.stream()
              .filter(other.and(stranger -> !stranger.marked()))
              .findFirst()
              .or(() -> present.stream().filter(other).findFirst())
              .orElse(newcomer);
      present.remove(ended);
    }
    ended.end.run();
  }
}
