package io.quorate.chaos.report;

import io.quorate.chaos.check.verdict.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the cluster did not serve, as its checkers measured it. All amounts are texts with their
 * units, and a dash stands for what was not measured.
 *
 * @param whole over the whole run, by the kind of operation
 * @param strikes after each strike, by its number
 */
record AvailabilityFigures(List<Whole> whole, List<AfterStrike> strikes) {
  private static final Pattern STRIKE =
      Pattern.compile("strike_(\\d+)_([^_]+)_(.+)_(?:first_ok|longest_gap)_seconds");
  private static final Pattern GAP = Pattern.compile("(.+)_longest_gap_seconds");

  /** A row of the first table. */
  record Whole(String f, String gap, String okPerSecond) {}

  /** A row of the second table. */
  record AfterStrike(int number, String nemesis, String f, String firstOk, String gap) {}

  static AvailabilityFigures of(List<Verdict> verdicts) {
    Map<String, Object> figures = new TreeMap<>();
    verdicts.forEach(verdict -> figures.putAll(verdict.figures()));
    List<Whole> whole = new ArrayList<>();
    Map<String, AfterStrike> strikes = new TreeMap<>();
    for (String name : figures.keySet()) {
      Matcher strike = STRIKE.matcher(name);
      Matcher gap = GAP.matcher(name);
      if (strike.matches()) {
        String prefix = name.substring(0, strike.end(3));
        strikes.put(
            prefix,
            new AfterStrike(
                Integer.parseInt(strike.group(1)),
                strike.group(2),
                strike.group(3),
                amount(figures, prefix + "_first_ok_seconds"),
                amount(figures, prefix + "_longest_gap_seconds")));
      } else if (gap.matches()) {
        String rate = gap.group(1) + "_ok_per_second";
        whole.add(new Whole(gap.group(1), amount(figures, name), amount(figures, rate)));
      }
    }
    return new AvailabilityFigures(
        whole,
        strikes.values().stream()
            .sorted(
                Comparator.comparing(AfterStrike::number)
                    .thenComparing(AfterStrike::nemesis)
                    .thenComparing(AfterStrike::f))
            .toList());
  }

  /** Whether these tables show it, so that it need not be said beside its verdict. */
  static boolean shows(String figure) {
    return figure.matches("(strike_.*|.*_(gap_seconds|per_second|millis|ok|failed|unknown))");
  }

  private static String amount(Map<String, Object> figures, String name) {
    Object value = figures.get(name);
    return value == null ? "–" : Text.figureValue(name, value);
  }
}
