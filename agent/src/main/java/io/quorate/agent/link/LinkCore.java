package io.quorate.agent.link;

import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.retry.Backoff;
import io.quorate.protocol.v1.MasterInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * All that the link to the leading master knows and decides, without a clock, a thread or a socket.
 *
 * <p>A link is one stream of events that stays open. Any master may be asked for it: the leader
 * opens it, a follower names the leader (307), and a master without a leader refuses. What breaks
 * is tried again with one master after another, after a pause that grows. A connection that is
 * silent for {@code total_ping_timeout_seconds} counts as broken (CP-274). A leader that was cut
 * off, or lost its power, cannot say so; therefore, when a ping is late, the core doubts the leader
 * and asks the other masters in turn who leads, and follows the one that is named. The same holds
 * for a master that takes a subscription and does not answer it.
 *
 * <p>Whoever drives the core tells it each {@link LinkInput} with the time, performs the {@link
 * LinkAction}s that it returns, and tells it when its timer is due. {@link HttpLink} does that over
 * HTTP and the simulator over a simulated network. No thread may enter while another is inside.
 */
public final class LinkCore {
  /** Masters that point at each other are not followed for ever. */
  private static final int REDIRECTS_AT_ONCE_MAX = 10;

  private static final Backoff BACKOFF =
      Backoff.between(Duration.ofMillis(50), Duration.ofSeconds(5));

  /** A ping comes each interval; it is late after that many intervals. */
  private static final double DOUBT_AFTER_PINGS = 1.2;

  private static final long DOUBT_AGAIN_NANOS = Duration.ofSeconds(2).toNanos();

  /**
   * As the masters' flags have it; the leader tells its own values when it subscribes the agent.
   */
  private static final long PING_NANOS_DEFAULT = Duration.ofSeconds(15).toNanos();

  private static final long SILENCE_NANOS_DEFAULT = Duration.ofSeconds(75).toNanos();

  private static final long NEVER = Long.MAX_VALUE;
  private static final double NANOS_PER_SECOND = 1e9;
  private static final Pattern HOST_AND_PORT = Pattern.compile("(.+):([0-9]{1,5})");

  private final List<String> masters;
  private int nextMaster;
  private Backoff backoff = BACKOFF;
  private long pingNanos = PING_NANOS_DEFAULT;
  private long silenceNanos = SILENCE_NANOS_DEFAULT;

  /** Who leads, as far as somebody named a leader; the next subscription goes there. */
  private Optional<String> named = Optional.empty();

  private int redirects;

  /** The number of the latest connection; it is meant by inputs only while {@link #asked} is. */
  private long connection;

  /** This is the master of the present connection, and empty between two connections. */
  private Optional<String> asked = Optional.empty();

  private Optional<OpenLink> open = Optional.empty();
  private long heardNanos;
  private long askAgainNanos = NEVER;

  /** When another master was asked who leads, until it answers. */
  private long questionNanos = NEVER;

  /** How the leader calls itself, which may be another name than the one that it was asked by. */
  private Optional<String> ownName = Optional.empty();

  private long connectNanos = NEVER;
  private long timerNanos = NEVER;

  /**
   * Makes a core that is not started.
   *
   * @param masters {@code host:port} of masters, at least one
   * @throws IllegalArgumentException if there is none, or one is not of that form; the message
   *     names it
   */
  public LinkCore(List<String> masters) {
    this.masters = List.copyOf(masters);
    validateMasters(masters)
        .ifPresent(
            why -> {
              throw new IllegalArgumentException(why);
            });
  }

  /** Says what is wrong with a list of masters, for {@code --master}; empty if nothing is. */
  public static Optional<String> validateMasters(List<String> masters) {
    return masters.isEmpty()
        ? Optional.of("at least one master is needed, as host:port")
        : masters.stream()
            .filter(master -> !isAddress(master))
            .findFirst()
            .map(master -> "'" + master + "' is not a master's address, which is host:port");
  }

  private static boolean isAddress(String text) {
    var form = HOST_AND_PORT.matcher(text);
    return form.matches() && Integer.parseInt(form.group(2)) <= 65_535;
  }

  /**
   * A link that is open.
   *
   * @param master {@code host:port} of the leader that opened it
   * @param linkId what each call on it says in the header Quorate-Link-Id
   */
  public record OpenLink(String master, String linkId) {}

  /** Returns the link on which calls may be sent; empty while there is none. */
  public Optional<OpenLink> open() {
    return open;
  }

  /** Says whether a connection is the present one, so that it is still worth to be made. */
  public boolean isPresent(long number) {
    return asked.isPresent() && number == connection;
  }

  /**
   * Takes what happened, and says what is to be done about it.
   *
   * @param nowNanos the time, on any clock that only goes forwards
   * @param chance any number at all, drawn anew for each input; pauses hang on it
   */
  public List<LinkAction> take(LinkInput input, long nowNanos, long chance) {
    List<LinkAction> actions = new ArrayList<>();
    if (input instanceof LinkInput.Started) {
      connect(nowNanos, actions);
    } else if (input instanceof LinkInput.Answered answered) {
      answered(answered, nowNanos, chance, actions);
    } else if (input instanceof LinkInput.Heard heard) {
      heard(heard.connection(), nowNanos);
    } else if (input instanceof LinkInput.EventReceived received) {
      event(received, nowNanos, actions);
    } else if (input instanceof LinkInput.Broken broken) {
      if (isPresent(broken.connection())) {
        leave(broken.why(), nowNanos, chance, actions);
      }
    } else if (input instanceof LinkInput.LeaderNamed leader) {
      leaderNamed(leader, nowNanos, chance, actions);
    } else if (input instanceof LinkInput.CallNotTaken call) {
      if (open.isPresent() && open.get().linkId().equals(call.linkId())) {
        leave("the master answered a call with " + call.status(), nowNanos, chance, actions);
      }
    } else if (input instanceof LinkInput.Left left) {
      if (asked.isPresent()) {
        leave(left.why(), nowNanos, chance, actions);
      }
    } else {
      timerDue(nowNanos, chance, actions);
    }
    setTimer(nowNanos, actions);
    return actions;
  }

  // -- Opening ----------------------------------------------------------------------------------

  private void connect(long nowNanos, List<LinkAction> actions) {
    String master = named.orElseGet(this::nextMaster);
    named = Optional.empty();
    connectNanos = NEVER;
    connection++;
    asked = Optional.of(master);
    questionNanos = NEVER;
    ownName = Optional.empty();
    heard(connection, nowNanos);
    actions.add(new LinkAction.Subscribe(connection, master));
  }

  private String nextMaster() {
    return masters.get(Math.floorMod(nextMaster++, masters.size()));
  }

  private void answered(
      LinkInput.Answered answer, long nowNanos, long chance, List<LinkAction> actions) {
    if (!isPresent(answer.connection())) {
      return;
    }
    String master = asked.orElseThrow();
    if (answer.status() == 200 && !answer.linkId().isEmpty()) {
      redirects = 0;
      open = Optional.of(new OpenLink(master, answer.linkId()));
      heard(answer.connection(), nowNanos);
    } else if (answer.status() == 307) {
      redirected(master, answer.location(), nowNanos, chance, actions);
    } else {
      String why = answer.status() == 200 ? "without a Quorate-Link-Id" : answer.body();
      leave(
          (master + " answered " + answer.status() + " " + why).strip(), nowNanos, chance, actions);
    }
  }

  /** The leader is asked at once, unless the masters send the agent round in circles. */
  private void redirected(
      String master, String location, long nowNanos, long chance, List<LinkAction> actions) {
    Optional<String> leader = address(location);
    if (leader.isPresent() && ++redirects <= REDIRECTS_AT_ONCE_MAX) {
      named = leader;
      connect(nowNanos, actions);
    } else {
      String why =
          leader.isEmpty()
              ? " answered 307 with the Location '" + location + "', which names no host:port"
              : " answered 307, the redirect number " + redirects + " without a link";
      leave(master + why, nowNanos, chance, actions);
    }
  }

  /** Returns the host:port of a header Location, which may leave out the scheme. */
  private static Optional<String> address(String location) {
    String address = location.replaceFirst("^(https?:)?//", "").split("/", 2)[0];
    return Optional.of(address).filter(LinkCore::isAddress);
  }

  // -- The stream -------------------------------------------------------------------------------

  private void heard(long number, long nowNanos) {
    if (isPresent(number)) {
      heardNanos = nowNanos;
      askAgainNanos = nowNanos + (long) (pingNanos * DOUBT_AFTER_PINGS);
    }
  }

  private void event(LinkInput.EventReceived received, long nowNanos, List<LinkAction> actions) {
    if (!isPresent(received.connection()) || open.isEmpty()) {
      return;
    }
    AgentEvent event = received.event();
    if (event.hasSubscribed()) {
      backoff = BACKOFF;
      MasterInfo leader = event.getSubscribed().getMasterInfo();
      ownName = Optional.of(leader.getHostname() + ":" + leader.getPort());
      pingNanos = nanos(event.getSubscribed().getPingIntervalSeconds(), PING_NANOS_DEFAULT);
      silenceNanos =
          nanos(event.getSubscribed().getTotalPingTimeoutSeconds(), SILENCE_NANOS_DEFAULT);
    }
    heard(received.connection(), nowNanos);
    actions.add(new LinkAction.Deliver(event));
  }

  private static long nanos(double seconds, long otherwise) {
    return seconds > 0 && seconds < Integer.MAX_VALUE
        ? (long) (seconds * NANOS_PER_SECOND)
        : otherwise;
  }

  // -- Doubt ------------------------------------------------------------------------------------

  private void timerDue(long nowNanos, long chance, List<LinkAction> actions) {
    timerNanos = NEVER;
    if (asked.isEmpty()) {
      if (connectNanos <= nowNanos) {
        connect(nowNanos, actions);
      }
    } else if (heardNanos + silenceNanos <= nowNanos) {
      long seconds = Duration.ofNanos(silenceNanos).toSeconds();
      leave(asked.get() + " was silent for " + seconds + " s", nowNanos, chance, actions);
    } else if (askAgainNanos <= nowNanos && questionNanos == NEVER) {
      doubt(nowNanos, actions);
    }
  }

  private void doubt(long nowNanos, List<LinkAction> actions) {
    askAgainNanos = nowNanos + DOUBT_AGAIN_NANOS;
    List<String> others =
        masters.stream().filter(master -> !asked.orElseThrow().equals(master)).toList();
    if (!others.isEmpty()) {
      questionNanos = nowNanos;
      String other = others.get(Math.floorMod(nextMaster++, others.size()));
      actions.add(new LinkAction.AskWhoLeads(connection, other));
    }
  }

  private void leaderNamed(
      LinkInput.LeaderNamed answer, long nowNanos, long chance, List<LinkAction> actions) {
    if (!isPresent(answer.connection()) || questionNanos == NEVER) {
      return;
    }
    boolean heardMeanwhile = heardNanos > questionNanos;
    questionNanos = NEVER;
    Optional<String> leader = address(answer.location());
    boolean another = leader.isPresent() && !leader.equals(asked) && !leader.equals(ownName);
    if (another && !heardMeanwhile) {
      leave(
          asked.get() + " has fallen silent, and " + leader.get() + " is said to lead",
          nowNanos,
          chance,
          actions);
      named = leader;
    }
  }

  // -- Leaving ----------------------------------------------------------------------------------

  private void leave(String why, long nowNanos, long chance, List<LinkAction> actions) {
    actions.add(new LinkAction.Close(connection, why));
    asked = Optional.empty();
    open = Optional.empty();
    named = Optional.empty();
    redirects = 0;
    connectNanos = nowNanos + backoff.jittered(chance).toNanos();
    backoff = backoff.next();
  }

  /** A timer that is due early costs less than one that is set anew with each byte that comes. */
  private void setTimer(long nowNanos, List<LinkAction> actions) {
    long due = connectNanos;
    if (asked.isPresent()) {
      due = heardNanos + silenceNanos;
      due = questionNanos == NEVER ? Math.min(due, askAgainNanos) : due;
    }
    if (due < timerNanos) {
      timerNanos = Math.max(due, nowNanos);
      actions.add(new LinkAction.SetTimer(timerNanos));
    }
  }
}
