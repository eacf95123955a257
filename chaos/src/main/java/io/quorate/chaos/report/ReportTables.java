package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the page says in numbers and links. */
final class ReportTables {
  private static final int ERRORS_MAX = 12;
  private static final int ERROR_CHARACTERS_MAX = 200;
  private static final int LOGS_PER_NODE_MAX = 20;

  private final Run run;
  private final RunDirectory directory;
  private final List<Series> series;

  ReportTables(Run run, RunDirectory directory, List<Series> series) {
    this.run = run;
    this.directory = directory;
    this.series = series;
  }

  String operations() {
    StringBuilder out = new StringBuilder("<section id=\"operations\"><h2>Operations</h2>");
    out.append("<div class=\"wide\"><table><thead><tr><th>f</th><th>ok</th><th>fail</th>");
    out.append("<th>info</th><th>median</th><th>95 %</th><th>99 %</th><th>slowest</th>");
    out.append("</tr></thead><tbody>");
    for (Series sery : series) {
      out.append("<tr><th scope=\"row\">").append(Text.html(sery.f())).append("</th>");
      sery.counts().values().forEach(count -> number(out, Text.count(count)));
      for (int percent : List.of(50, 95, 99, 100)) {
        Long nanos = sery.overall().get(percent);
        number(out, nanos == null ? "–" : Text.duration(nanos));
      }
      out.append("</tr>");
    }
    out.append("</tbody></table></div><p>Latencies are of those that were ok.</p></section>");
    return out.toString();
  }

  String errors() {
    Map<List<String>, Long> counts =
        run.operations().stream()
            .filter(operation -> operation.outcome() != OperationOutcome.OK)
            .collect(
                Collectors.groupingBy(
                    operation ->
                        List.of(
                            operation.outcome().word(),
                            operation.f(),
                            Text.shortened(operation.error(), ERROR_CHARACTERS_MAX)),
                    Collectors.counting()));
    if (counts.isEmpty()) {
      return "";
    }
    StringBuilder out = new StringBuilder("<section id=\"errors\"><h2>What went wrong</h2>");
    out.append("<div class=\"wide\"><table><thead><tr><th>times</th><th>outcome</th><th>f</th>");
    out.append("<th>why</th></tr></thead><tbody>");
    counts.entrySet().stream()
        .sorted(
            Map.Entry.<List<String>, Long>comparingByValue()
                .reversed()
                .thenComparing(count -> count.getKey().toString()))
        .limit(ERRORS_MAX)
        .forEach(count -> error(out, count.getKey(), count.getValue()));
    out.append("</tbody></table></div>");
    if (counts.size() > ERRORS_MAX) {
      out.append("<p>And ").append(counts.size() - ERRORS_MAX).append(" more, less often.</p>");
    }
    return out.append("</section>").toString();
  }

  private static void error(StringBuilder out, List<String> what, long times) {
    out.append("<tr class=\"").append(what.get(0)).append("\">");
    number(out, Text.count(times));
    out.append("<td class=\"type\">").append(what.get(0)).append("</td><td>");
    out.append(Text.html(what.get(1))).append("</td><td>");
    out.append(Text.html(what.get(2).isEmpty() ? "(no reason given)" : what.get(2)));
    out.append("</td></tr>");
  }

  static void number(StringBuilder out, String number) {
    out.append("<td class=\"n\">").append(number).append("</td>");
  }

  String files(List<String> plots) {
    StringBuilder out = new StringBuilder("<section id=\"files\"><h2>Files</h2><ul>");
    for (String file :
        List.of(
            "run.json",
            "history.jsonl",
            "status.jsonl",
            "diary.jsonl",
            "log.jsonl",
            "end.json",
            "verdicts.json")) {
      if (Files.exists(directory.path().resolve(file))) {
        out.append("<li>").append(link(directory.path().resolve(file))).append("</li>");
      }
    }
    out.append("</ul><p>Plots:");
    plots.forEach(
        plot -> out.append(" <a href=\"").append(plot).append("\">").append(plot).append("</a>"));
    out.append(plots.isEmpty() ? " none could be drawn.</p>" : "</p>");
    out.append("<h3>Logs of the nodes</h3><table><thead><tr><th>node</th><th>kind</th>");
    out.append("<th>address</th><th>logs</th></tr></thead><tbody>");
    nodes().forEach((name, node) -> out.append(node(name, node)));
    return out.append("</tbody></table></section>").toString();
  }

  private String node(String name, JsonNode node) {
    String links = logs(name).stream().map(this::link).collect(Collectors.joining("<br>"));
    return "<tr><th scope=\"row\">"
        + Text.html(name)
        + "</th><td>"
        + Text.html(node.path("kind").asText())
        + "</td><td>"
        + Text.html(node.path("ip").asText())
        + "</td><td>"
        + (links.isEmpty() ? "none" : links)
        + "</td></tr>";
  }

  /** The nodes of run.json, and those that left files without being named there. */
  private Map<String, JsonNode> nodes() {
    Map<String, JsonNode> all = new TreeMap<>(Run::byNameAndNumber);
    for (Path path : list(directory.path().resolve("nodes"))) {
      all.put(path.getFileName().toString(), run.facts().path("no such node"));
    }
    run.facts().path("nodes").forEach(node -> all.put(node.path("name").asText(), node));
    return all;
  }

  private List<Path> logs(String node) {
    return list(directory.node(node)).stream()
        .filter(file -> file.toString().endsWith(".log") && Files.isRegularFile(file))
        .limit(LOGS_PER_NODE_MAX)
        .toList();
  }

  private static List<Path> list(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> found = Files.list(folder)) {
      return found.sorted(Comparator.comparing(Path::toString)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String link(Path file) {
    List<String> parts = new ArrayList<>();
    directory.path().relativize(file).forEach(part -> parts.add(part.toString()));
    try {
      return "<a href=\""
          + Text.html(parts.stream().map(ReportTables::encoded).collect(Collectors.joining("/")))
          + "\">"
          + Text.html(parts.get(parts.size() - 1))
          + "</a> "
          + size(Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One segment of a relative address. */
  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static String size(long bytes) {
    return bytes < 10_000
        ? Text.count(bytes) + " B"
        : bytes < 10_000_000 ? bytes / 1_000 + " kB" : bytes / 1_000_000 + " MB";
  }
}
