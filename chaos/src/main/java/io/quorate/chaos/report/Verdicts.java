package io.quorate.chaos.report;

import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The first thing on the page: what was promised, and whether it was kept. */
final class Verdicts {
  private static final int VALUE_CHARACTERS_MAX = 160;

  private final Run run;
  private final List<Verdict> verdicts;

  Verdicts(Run run, List<Verdict> verdicts) {
    this.run = run;
    this.verdicts = verdicts;
  }

  /** The worst of all; unknown if nothing was checked, for then nothing is known. */
  static String overall(List<Verdict> verdicts) {
    if (verdicts.stream().anyMatch(verdict -> verdict.status() == Verdict.Status.INVALID)) {
      return "invalid";
    }
    boolean allValid =
        verdicts.stream().allMatch(verdict -> verdict.status() == Verdict.Status.VALID);
    return allValid && !verdicts.isEmpty() ? "valid" : "unknown";
  }

  String html() {
    return String.join(
        "\n",
        "<section id=\"verdicts\"><h2>Verdicts</h2>",
        "<p>" + Text.html(summary()) + "</p>",
        cards(Verdict.Status.INVALID),
        cards(Verdict.Status.UNKNOWN),
        "<div class=\"valids\">",
        cards(Verdict.Status.VALID),
        "</div></section>");
  }

  private String summary() {
    if (verdicts.isEmpty()) {
      return "Nothing was checked.";
    }
    return IntStream.of(1, 2, 0)
        .mapToObj(ordinal -> Verdict.Status.values()[ordinal])
        .filter(status -> count(status) > 0)
        .map(status -> count(status) + " " + word(status))
        .collect(Collectors.joining(", ", "Of " + verdicts.size() + " checks: ", "."));
  }

  private long count(Verdict.Status status) {
    return verdicts.stream().filter(verdict -> verdict.status() == status).count();
  }

  private String cards(Verdict.Status status) {
    return IntStream.range(0, verdicts.size())
        .filter(i -> verdicts.get(i).status() == status)
        .mapToObj(this::card)
        .collect(Collectors.joining("\n"));
  }

  private String card(int index) {
    Verdict verdict = verdicts.get(index);
    String word = word(verdict.status());
    StringBuilder out = new StringBuilder();
    out.append("<article class=\"verdict ").append(word).append("\">");
    out.append("<h3><span class=\"badge ").append(word).append("\">").append(word);
    out.append("</span> ").append(Text.html(verdict.checker())).append("</h3>");
    if (!verdict.explanation().isEmpty()) {
      out.append("<p class=\"why\">").append(Text.html(verdict.explanation())).append("</p>");
    }
    if (verdict.window() != null && verdict.status() != Verdict.Status.VALID) {
      out.append("<p><a href=\"#window-").append(index).append("\">");
      out.append(Text.moment(verdict.window().from())).append(" to ");
      out.append(Text.moment(verdict.window().to())).append(" in the timeline</a></p>");
      out.append(excerpt(Excerpt.of(run, verdict)));
    }
    out.append(figures(verdict)).append("</article>");
    return out.toString();
  }

  private static String figures(Verdict verdict) {
    if (verdict.figures().isEmpty()) {
      return "";
    }
    return verdict.figures().entrySet().stream()
        .filter(figure -> !AvailabilityTables.shows(figure.getKey()))
        .map(
            (Map.Entry<String, Object> figure) ->
                "<div><dt>"
                    + Text.html(Text.figureName(figure.getKey()))
                    + "</dt><dd>"
                    + Text.html(figure(figure))
                    + "</dd></div>")
        .collect(Collectors.joining("", "<dl class=\"figures\">", "</dl>"));
  }

  private static String figure(Map.Entry<String, Object> figure) {
    return Text.shortened(
        Text.figureValue(figure.getKey(), figure.getValue()), VALUE_CHARACTERS_MAX);
  }

  private static String excerpt(Excerpt excerpt) {
    String lines = excerpt.found() == 1 ? " line" : " lines";
    String what =
        excerpt.named()
            ? Text.count(excerpt.found())
                + lines
                + " about what is named above, of "
                + Text.count(excerpt.inWindow())
                + " in this window"
            : Text.count(excerpt.found()) + lines + " in this window";
    StringBuilder out = new StringBuilder();
    out.append("<details class=\"excerpt\"><summary>").append(what);
    out.append(" of <a href=\"history.jsonl\">history.jsonl</a></summary>");
    out.append("<div class=\"wide\"><table><thead><tr><th>line</th><th>time</th><th>process</th>");
    out.append("<th>type</th><th>f</th><th>key</th><th>value, error</th></tr></thead><tbody>");
    for (int i = 0; i < excerpt.lines().size(); i++) {
      if (i == excerpt.gapAfter()) {
        out.append("<tr class=\"gap\"><td colspan=\"7\">… ");
        out.append(Text.count(excerpt.found() - excerpt.lines().size()));
        out.append(" more between …</td></tr>");
      }
      out.append(row(excerpt.numbers().get(i), excerpt.lines().get(i)));
    }
    return out.append("</tbody></table></div></details>").toString();
  }

  private static String row(int number, Op op) {
    String type = op.type().name().toLowerCase(Locale.ROOT);
    String value = op.value().isNull() ? "" : op.value().toString();
    String both = op.error().isEmpty() ? value : (value + " " + op.error()).strip();
    return "<tr class=\""
        + type
        + "\"><td class=\"n\">"
        + number
        + "</td><td class=\"n\">"
        + Text.moment(op.time())
        + "</td><td>"
        + Text.html(op.process())
        + "</td><td class=\"type\">"
        + type
        + "</td><td>"
        + Text.html(op.f())
        + "</td><td>"
        + Text.html(op.key())
        + "</td><td>"
        + Text.html(Text.shortened(both, VALUE_CHARACTERS_MAX))
        + "</td></tr>";
  }

  private static String word(Verdict.Status status) {
    return status.name().toLowerCase(Locale.ROOT);
  }
}
