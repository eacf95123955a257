package io.quorate.master.http.face;

import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
import io.quorate.master.leader.Answer;
import io.quorate.master.leader.MasterView;
import io.quorate.protocol.v1.MasterInfo;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A whole answer, or the head of one that goes on as a stream (Mesos 1.3).
 *
 * @param status the HTTP status code
 * @param headers by their names, without those that follow from the body
 * @param body plain text, which may be empty
 */
public record Reply(int status, SortedMap<String, String> headers, String body) {

  public Reply {
    headers = Collections.unmodifiableSortedMap(new TreeMap<>(headers));
  }

  /** Makes an answer with a sentence for the one who asked. */
  public static Reply text(int status, String body) {
    return new Reply(status, new TreeMap<>(), body);
  }

  /** Makes an answer that its status says. */
  public static Reply empty(int status) {
    return text(status, "");
  }

  /** Returns the same answer with one more header. */
  public Reply with(String name, String value) {
    SortedMap<String, String> all = new TreeMap<>(headers);
    all.put(name, value);
    return new Reply(status, all, body);
  }

  /** Returns the same answer, which also says after how many seconds to ask again. */
  public Reply retryAfter(long seconds) {
    return with("Retry-After", Long.toString(seconds));
  }

  /** Returns a header's value, and nothing where the answer has none. */
  public String header(String name) {
    return headers.getOrDefault(name, "");
  }

  /** Makes a redirect to a master; the rest is path and query there. */
  public static Reply redirect(MasterInfo master, String rest) {
    String location = "//" + master.getHostname() + ":" + master.getPort() + rest;
    return empty(307).with("Location", location);
  }

  /** Sends to the leader if one is known; else there is none, 503 (CP-029 to CP-031). */
  public static Reply elsewhere(MasterView view, String target) {
    MasterInfo leader = view.leader();
    return leader == null || leader.equals(view.self())
        ? text(503, "No leader elected")
        : redirect(leader, target);
  }

  /** Says what became of a call that the core did not answer. */
  public static Reply unavailable(MasterView view, String target, Throwable failure) {
    if (failure instanceof NotLeaderException) {
      return elsewhere(view, target);
    }
    if (failure instanceof OverloadedException) {
      return text(503, "Overloaded: " + failure.getMessage() + ". The call was not done")
          .retryAfter(1);
    }
    if (failure instanceof OutcomeUnknownException) {
      return text(
          503,
          "The outcome of the call is unknown, and it may be repeated: " + failure.getMessage());
    }
    return text(500, "The call could not be decided, and was not done: see the master's log");
  }

  /** Says why a call was not done; empty if it was. */
  public static Optional<Reply> ofNotDone(
      MasterView view, String target, Answer answer, Throwable failure) {
    if (failure != null) {
      return Optional.of(unavailable(view, target, failure));
    }
    return answer instanceof Answer.Refused refused
        ? Optional.of(text(refused.why().status(), refused.why().message()))
        : Optional.empty();
  }
}
