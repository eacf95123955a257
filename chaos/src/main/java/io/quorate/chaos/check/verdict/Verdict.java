package io.quorate.chaos.check.verdict;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a checker found.
 *
 * @param checker its name, e.g. {@code I3 an offer is used once}
 * @param explanation of an invalid one the least that shows it; of an unknown one, what was missing
 * @param window where in the run to look; null if it is not about a moment
 * @param figures what was measured, by name, with the unit in the name ({@code
 *     longest_gap_seconds})
 */
public record Verdict(
    @JsonProperty("checker") String checker,
    @JsonProperty("status") Status status,
    @JsonProperty("explanation") String explanation,
    @JsonProperty("window") Window window,
    @JsonProperty("figures") Map<String, Object> figures) {

  /** Whether a promise was kept. Only {@link #VALID} passes. */
  public enum Status {
    @JsonProperty("valid")
    VALID,
    @JsonProperty("invalid")
    INVALID,
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** From one moment to another, nanoseconds since the run began. */
  public record Window(@JsonProperty("from") long from, @JsonProperty("to") long to) {}

  public Verdict {
    figures = new TreeMap<>(figures);
  }

  public static Verdict valid(String checker, Map<String, Object> figures) {
    return new Verdict(checker, Status.VALID, "", null, figures);
  }

  public static Verdict invalid(String checker, String explanation, long from, long to) {
    return new Verdict(checker, Status.INVALID, explanation, new Window(from, to), Map.of());
  }

  public static Verdict invalid(String checker, String explanation) {
    return new Verdict(checker, Status.INVALID, explanation, null, Map.of());
  }

  public static Verdict unknown(String checker, String explanation) {
    return new Verdict(checker, Status.UNKNOWN, explanation, null, Map.of());
  }
}
