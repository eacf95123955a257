package io.quorate.chaos.conformance;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** {@code docs/conformance.md}: every point with its state. The same inputs give the same text. */
final class ConformancePage {
  private final Points points;
  private final Differences differences;
  private final Map<String, List<Citation>> cited;
  private final StringBuilder page = new StringBuilder();

  private ConformancePage(Points points, List<Citation> citations, Differences differences) {
    this.points = points;
    this.differences = differences;
    this.cited =
        points.byId().keySet().stream()
            .collect(
                Collectors.toMap(
                    id -> id,
                    id ->
                        citations.stream()
                            .filter(citation -> citation.points().contains(id))
                            .toList()));
  }

  static String of(Points points, List<Citation> citations, Differences differences) {
    return new ConformancePage(points, citations, differences).write();
  }

  private String write() {
    page.append(
        """
        # Conformance

        What a client, an operator or a tool can see of Mesos, and how far Quorate is. Made by `./quorate conformance` from the
        tests that name a point, and never written by hand; `./quorate test` fails where this page says more or less than the
        tests do, or if a test that is named here did not run and pass.

        A point **passes** if a test that cites it passes. A **stated difference** is meant to stay, for the reason given. **Not
        yet** names the work that the point waits for. The grades say who is hurt: *must* a client or its work, *should* somebody
        who can be told, *could* nobody much. "Part" is the part of our reference of Mesos's behaviour.

        """);
    totals();
    String group = "";
    for (Point point : points.byId().values()) {
      if (!point.group().equals(group)) {
        group = point.group();
        page.append("\n## ").append(group).append("\n\n");
        page.append("| point | grade | part | statement | state |\n|---|---|---|---|---|\n");
      }
      row(point.id(), point.grade(), point.section(), point.statement(), state(point));
    }
    exchanges();
    return page.toString();
  }

  private void totals() {
    Map<String, int[]> counts = new TreeMap<>();
    for (Point point : points.byId().values()) {
      int[] count = counts.computeIfAbsent(point.grade(), grade -> new int[4]);
      count[0]++;
      count[column(point)]++;
    }
    page.append(
        "| grade | points | passing | stated difference | not yet |\n|---|---|---|---|---|\n");
    for (String grade : List.of("must", "should", "could")) {
      int[] count = counts.getOrDefault(grade, new int[4]);
      row(grade, "" + count[0], "" + count[1], "" + count[2], "" + count[3]);
    }
  }

  private int column(Point point) {
    if (differences.points().containsKey(point.id())) {
      return 2;
    }
    return cited.get(point.id()).isEmpty() ? 3 : 1;
  }

  private String state(Point point) {
    return switch (column(point)) {
      case 1 ->
          cited.get(point.id()).stream()
              .map(candidate -> "`" + candidate.text() + "`")
              .distinct()
              .collect(Collectors.joining(", ", "passes: ", ""));
      case 2 -> "stated difference: " + differences.points().get(point.id());
      default -> "not yet: " + points.later(point).orElse("a test that cites it");
    };
  }

  private void exchanges() {
    page.append(
        """

        ## Recorded exchanges

        `ReplayTest` plays what was recorded of Apache Mesos 1.12 against Quorate and compares status, headers and JSON. All is as
        recorded, but for what is listed here; the test fails if one is missing from this list or is a difference no more.

        | exchange | where | why |
        |---|---|---|
        """);
    differences
        .exchanges()
        .forEach(
            (key, reason) -> {
              List<String> parts = Lines.parts(key, 2);
              row("`" + parts.get(0) + "`", "`" + parts.get(1) + "`", reason);
            });
  }

  private void row(String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
