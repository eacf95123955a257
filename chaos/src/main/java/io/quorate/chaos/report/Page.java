package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.RunDirectory;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The page. It fetches nothing and runs no script but its own: its content security policy names
 * that one by its hash, so that a task's name that got through the escaping would still be inert.
 */
final class Page {
  private final Run run;
  private final RunDirectory directory;
  private final List<Verdict> verdicts;
  private final Shown shown;
  private final List<Series> series;
  private final List<String> plots;

  Page(
      Run run,
      RunDirectory directory,
      List<Verdict> verdicts,
      Shown shown,
      List<Series> series,
      List<String> plots) {
    this.run = run;
    this.directory = directory;
    this.verdicts = verdicts;
    this.shown = shown;
    this.series = series;
    this.plots = plots;
  }

  String html() {
    String script =
        List.of("view.js", "timeline.js", "charts.js").stream()
            .map(Page::resource)
            .collect(Collectors.joining("\n", "(() => {\n'use strict';\n", "\nstart();\n})();\n"));
    ReportTables tables = new ReportTables(run, directory, series);
    return String.join(
        "\n",
        "<!doctype html>",
        "<html lang=\"en\">",
        "<head>",
        "<meta charset=\"utf-8\">",
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src"
            + " 'unsafe-inline'; script-src 'sha256-"
            + sha256(script)
            + "'\">",
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
        "<meta name=\"color-scheme\" content=\"light dark\">",
        "<title>" + Text.html(Verdicts.overall(verdicts) + ": " + subject()) + "</title>",
        "<style>" + resource("report.css") + "</style>",
        "</head>",
        "<body>",
        header(),
        "<main>",
        new Verdicts(run, verdicts).html(),
        new AvailabilityTables(verdicts).html(),
        timeline(),
        charts(),
        tables.operations(),
        tables.errors(),
        tables.files(plots),
        "</main>",
        "<script type=\"application/json\" id=\"data\">"
            + PageData.of(run, shown, series, verdicts)
            + "</script>",
        "<script>" + script + "</script>",
        "</body>",
        "</html>",
        "");
  }

  private String header() {
    String word = Verdicts.overall(verdicts);
    List<String> facts = new ArrayList<>();
    facts.add("seed " + run.facts().path("seed").asText("unknown"));
    facts.add(Text.duration(run.lengthNanos()));
    facts.add(Text.count(run.operations().size()) + " operations");
    facts.add(
        Text.count(run.strikes().size()) + (run.strikes().size() == 1 ? " strike" : " strikes"));
    if (run.facts().hasNonNull("backend")) {
      facts.add("in " + run.facts().path("backend").asText());
    }
    if (run.facts().hasNonNull("started")) {
      facts.add("started " + run.facts().path("started").asText());
    }
    return "<header><p class=\"badge "
        + word
        + "\" id=\"overall\">"
        + word
        + "</p><h1>"
        + Text.html(subject())
        + "</h1><p class=\"facts\">"
        + facts.stream().map(Text::html).collect(Collectors.joining(" · "))
        + "</p><p class=\"again\">To repeat this run: <code id=\"command\">"
        + Text.html(ReportCommand.of(run.facts()))
        + "</code></p></header>";
  }

  private String subject() {
    String nemeses =
        names(run.facts().path("nemeses")).isEmpty()
            ? "no nemesis"
            : String.join(", ", names(run.facts().path("nemeses")));
    return run.facts().path("workload").asText("a run") + " under " + nemeses;
  }

  /** What the timeline leaves out, in sentences. */
  private List<String> sampled() {
    List<String> notes = new ArrayList<>();
    int all = run.operations().size();
    if (shown.operations().size() < all) {
      notes.add(
          "Drawn are "
              + Text.count(shown.operations().size())
              + " of "
              + Text.count(all)
              + " operations: first those that were not ok and those in the window of a verdict,"
              + " then an even sample of the others.");
    }
    if (shown.events().size() < shown.eventsInAll()) {
      notes.add(
          "Drawn are "
              + Text.count(shown.events().size())
              + " of "
              + Text.count(shown.eventsInAll())
              + " events, an even sample.");
    }
    int processes = run.processes().size();
    if (processes > PageData.PROCESSES_MAX) {
      notes.add(
          "Lanes are drawn for the first "
              + PageData.PROCESSES_MAX
              + " of "
              + processes
              + " processes.");
    }
    return notes;
  }

  private String timeline() {
    List<String> notes = sampled();
    return String.join(
        "\n",
        "<section id=\"timeline\">" + anchors() + "<h2>Timeline</h2>",
        "<p>A lane is a process, a bar an operation from its invocation to its completion, a dot"
            + " something that the process was told. Bands are what the nemesis did. Where several"
            + " share a pixel, the worst is seen.</p>",
        notes.isEmpty()
            ? ""
            : "<p class=\"note\" id=\"sampled\">" + String.join(" ", notes) + "</p>",
        "<ul class=\"legend\"><li class=\"ok\">ok: it happened</li><li class=\"fail\">fail: it did"
            + " not</li><li class=\"info\">info: nobody knows</li><li class=\"told\">told</li><li"
            + " class=\"band\">nemesis</li></ul>",
        "<div class=\"tools\" role=\"toolbar\" aria-label=\"Time shown\">"
            + "<button data-do=\"in\" aria-label=\"Zoom in\">+</button>"
            + "<button data-do=\"out\" aria-label=\"Zoom out\">−</button>"
            + "<button data-do=\"left\" aria-label=\"Earlier\">←</button>"
            + "<button data-do=\"right\" aria-label=\"Later\">→</button>"
            + "<button data-do=\"all\">whole run</button>"
            + "<output id=\"range\"></output></div>",
        "<p class=\"hint\">Drag to move, pinch, double-click or Ctrl with the wheel to zoom; all"
            + " charts move together. Point at a bar, or tap it, to read it.</p>",
        "<div class=\"chart\" id=\"lanes\"></div>",
        "<p id=\"picked\" role=\"status\"></p>",
        "<h3>Masters</h3>",
        run.leaderships().isEmpty()
            ? "<p class=\"note\">No master was sampled: there is no status.jsonl, or it is"
                + " empty.</p>"
            : "<p>Which term each master was in, and who led it.</p>"
                + "<ul class=\"legend\"><li class=\"leading\">leads the term</li><li"
                + " class=\"following\">follows in it</li><li class=\"silent\">no answer</li><li"
                + " class=\"down\">down</li></ul><div class=\"chart\" id=\"terms\"></div>",
        "<noscript><p class=\"note\">The charts need JavaScript. The plots beside this page do"
            + " not.</p></noscript>",
        "</section>");
  }

  /** Where the links of the verdicts go; with a script they also set the time that is shown. */
  private String anchors() {
    return IntStream.range(0, verdicts.size())
        .filter(i -> verdicts.get(i).window() != null)
        .mapToObj(i -> "<span id=\"window-" + i + "\"></span>")
        .collect(Collectors.joining());
  }

  private String charts() {
    int open = (int) run.operations().stream().filter(operation -> !operation.completed()).count();
    int kinds = run.kinds().size();
    String notes =
        (open == 0 ? "" : " " + Text.count(open) + " that never completed have none.")
            + (kinds > series.size()
                ? " Drawn are the " + series.size() + " most frequent of " + kinds + " kinds."
                : "");
    return String.join(
        "\n",
        "<section id=\"latency\"><h2>Latency</h2>",
        "<p>From invocation to completion, on a logarithmic scale, where it was invoked. Lines are"
            + " quantiles of those that were ok, in steps of "
            + (series.isEmpty() ? "time" : Text.duration(series.get(0).stepNanos()))
            + "."
            + Text.html(notes)
            + "</p>",
        "<ul class=\"legend\"><li class=\"ok\">ok</li><li class=\"fail\">fail</li><li"
            + " class=\"info\">info</li><li class=\"p50\">median</li><li class=\"p95\">95 %</li><li"
            + " class=\"p99\">99 %</li></ul>",
        "<div id=\"latencies\"></div></section>",
        "<section id=\"rate\"><h2>Rate</h2>",
        "<p>Completions a second, where they completed.</p>",
        "<ul class=\"legend\"><li class=\"ok line\">ok</li><li class=\"fail line\">fail</li><li"
            + " class=\"info line\">info</li></ul>",
        "<div id=\"rates\"></div></section>");
  }

  static List<String> names(JsonNode array) {
    List<String> all = new ArrayList<>();
    array.forEach(name -> all.add(name.asText()));
    return all;
  }

  private static String resource(String name) {
    try (InputStream in = Page.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String sha256(String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The file beside which the plots are. */
  static Path file(RunDirectory directory) {
    return directory.path().resolve("report.html");
  }
}
