package io.quorate.chaos.check.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The entries of the replicated log, as {@code /quorate/log} gives them: {@code
 * {"index":n,"entry":{"records":[{"call":..,"events":[..]}]}}}.
 */
public final class CommittedLog {
  /** The first entries of a quorum's life are elections without content. */
  private static final long FIRST_INDEX_MAX = 32;

  /** Elections and comparisons of digests take indexes that no entry of the masters has. */
  private static final long GAP_MAX = 32;

  /** A call of the log, whether it caused anything or not. */
  public record Asked(long index, int record, JsonNode call) {}

  private final List<LoggedEvent> events = new ArrayList<>();
  private final List<Asked> calls = new ArrayList<>();
  private final Optional<String> hole;

  public CommittedLog(List<JsonNode> entries) {
    String missing = entries.isEmpty() ? "log.jsonl has no entries" : "";
    long last = 0;
    for (JsonNode entry : entries) {
      long index = entry.path("index").longValue();
      if (index <= last) {
        throw new IllegalStateException("log.jsonl has index " + index + " after " + last);
      }
      boolean begins = last > 0 || index <= FIRST_INDEX_MAX;
      if (missing.isEmpty() && (!begins || index - last > GAP_MAX)) {
        missing = "log.jsonl has nothing between index " + last + " and " + index;
      }
      last = index;
      read(index, entry.path("entry").path("records"));
    }
    if (missing.isEmpty() && !(events.size() > 0 && events.get(0).is("leader_elected"))) {
      missing = "log.jsonl does not begin with an election";
    }
    hole = Optional.of(missing).filter(text -> !text.isEmpty());
  }

  private void read(long index, JsonNode records) {
    for (JsonNode record : records) {
      int number = calls.size();
      calls.add(new Asked(index, number, record.path("call")));
      for (JsonNode event : record.path("events")) {
        Map.Entry<String, JsonNode> what =
            event.properties().stream().findFirst().orElse(Map.entry("unknown", Json.NULL));
        events.add(
            new LoggedEvent(index, number, record.path("call"), what.getKey(), what.getValue()));
      }
    }
  }

  /** In the order in which they were applied. */
  public List<LoggedEvent> events() {
    return events;
  }

  public List<Asked> calls() {
    return calls;
  }

  /** What is missing, if anything is known to be. */
  public Optional<String> hole() {
    return hole;
  }
}
