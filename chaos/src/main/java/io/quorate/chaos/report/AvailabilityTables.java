package io.quorate.chaos.report;

import io.quorate.chaos.check.verdict.Verdict;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How long the cluster did not serve, as its checkers measured it: as a whole, after each strike.
 */
final class AvailabilityTables {
  private static final Pattern STRIKE =
      Pattern.compile("strike_(\\d+)_([^_]+)_(.+)_(first_ok|longest_gap)_seconds");
  private static final Pattern GAP = Pattern.compile("(.+)_longest_gap_seconds");

  private record Hit(int number, String nemesis, String f) implements Comparable<Hit> {
    @Override
    public int compareTo(Hit other) {
      int byNumber = Integer.compare(number, other.number);
      int byNemesis = byNumber != 0 ? byNumber : nemesis.compareTo(other.nemesis);
      return byNemesis != 0 ? byNemesis : f.compareTo(other.f);
    }
  }

  private final Map<String, Object> figures = new TreeMap<>();

  AvailabilityTables(List<Verdict> verdicts) {
    verdicts.forEach(verdict -> figures.putAll(verdict.figures()));
  }

  /** Whether these tables show it, so that it need not be said beside its verdict. */
  static boolean shows(String figure) {
    return figure.matches("(strike_.*|.*_(gap_seconds|per_second|millis|ok|failed|unknown))");
  }

  String html() {
    StringBuilder out = new StringBuilder("<section id=\"availability\"><h2>Availability</h2>");
    StringBuilder whole = new StringBuilder();
    Map<Hit, Map<String, Object>> hits = new TreeMap<>();
    for (Map.Entry<String, Object> entry : figures.entrySet()) {
      Matcher strike = STRIKE.matcher(entry.getKey());
      Matcher gap = GAP.matcher(entry.getKey());
      if (strike.matches()) {
        Hit hit = new Hit(Integer.parseInt(strike.group(1)), strike.group(2), strike.group(3));
        hits.computeIfAbsent(hit, key -> new TreeMap<>()).put(strike.group(4), entry.getValue());
      } else if (gap.matches()) {
        whole.append("<tr><th scope=\"row\">").append(Text.html(gap.group(1))).append("</th>");
        figure(whole, entry.getKey(), entry.getValue());
        String rate = gap.group(1) + "_ok_per_second";
        figure(whole, rate, figures.get(rate));
        whole.append("</tr>");
      }
    }
    if (whole.isEmpty() && hits.isEmpty()) {
      return out.append("<p class=\"note\">No checker of this run measured it.</p></section>")
          .toString();
    }
    out.append("<div class=\"wide\"><table><thead><tr><th>f</th><th>longest time without an ok")
        .append("</th><th>ok a second</th></tr></thead><tbody>")
        .append(whole)
        .append("</tbody></table></div>");
    if (!hits.isEmpty()) {
      out.append("<h3>After each strike</h3><div class=\"wide\"><table><thead><tr><th>strike</th>")
          .append(
              "<th>nemesis</th><th>f</th><th>to the first ok</th><th>longest time without an ok")
          .append("</th></tr></thead><tbody>");
      hits.forEach(
          (hit, times) -> {
            out.append("<tr>");
            ReportTables.number(out, Text.count(hit.number));
            out.append("<td>").append(Text.html(hit.nemesis)).append("</td><td>");
            out.append(Text.html(hit.f)).append("</td>");
            figure(out, "first_ok_seconds", times.get("first_ok"));
            figure(out, "longest_gap_seconds", times.get("longest_gap"));
            out.append("</tr>");
          });
      out.append("</tbody></table></div>");
    }
    return out.append("</section>").toString();
  }

  private static void figure(StringBuilder out, String name, Object value) {
    ReportTables.number(out, value == null ? "–" : Text.html(Text.figureValue(name, value)));
  }
}
