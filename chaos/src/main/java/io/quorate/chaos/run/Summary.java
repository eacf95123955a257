package io.quorate.chaos.run;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** One line about a run, for a table in Markdown. */
final class Summary {
  static final List<String> HEAD =
      List.of(
          "| nemesis | workload | verdict | strikes | done | longest time without |",
          "|---|---|---|---|---|---|");

  /** What stands for the availability of a workload: the first of these that was done. */
  private static final List<String> DEEDS = List.of("launch", "write", "add", "reserve");

  private Summary() {}

  /**
   * Of a run that is over.
   *
   * @param status its exit status
   */
  static String line(Path run, int status) throws IOException {
    Path verdicts = run.resolve("verdicts.json");
    if (!Files.exists(verdicts)) {
      return "| " + run.getFileName() + " | | not run | | | |";
    }
    JsonNode asked = Json.MAPPER.readTree(run.resolve("run.json").toFile());
    JsonNode all = Json.MAPPER.readTree(verdicts.toFile());
    StringBuilder nemeses = new StringBuilder();
    for (JsonNode node : asked.path("nemeses")) {
      nemeses.append(nemeses.isEmpty() ? "" : ", ").append('`').append(node.asText()).append('`');
    }
    if (asked.path("backend").asText().equals("containers")) {
      nemeses.append(" (containers)");
    }
    StringBuilder broken = new StringBuilder();
    JsonNode figures = Json.object();
    long strikes = 0;
    for (JsonNode verdict : all) {
      if (!verdict.path("status").asText().equals("valid")) {
        broken.append(broken.isEmpty() ? "" : ", ").append(verdict.path("status").asText());
        broken.append(' ').append(verdict.path("checker").asText().split(" ")[0]);
      }
      if (verdict.path("checker").asText().equals("availability")) {
        figures = verdict.path("figures");
      }
      if (verdict.path("checker").asText().startsWith("the harm")) {
        // One more than the strikes.
        strikes = verdict.path("figures").path("judged").asLong() - 1;
      }
    }
    return String.join(
        " | ",
        "| " + nemeses,
        asked.path("workload").asText(),
        status == 0 ? "valid" : broken.toString(),
        Long.toString(strikes),
        done(figures) + " |");
  }

  private static String done(JsonNode figures) {
    for (String word : DEEDS) {
      if (figures.path(word + "_ok").asLong() > 0) {
        return String.format(
            Locale.ROOT,
            "%,d %s | %.1f s",
            figures.path(word + "_ok").asLong(),
            word,
            figures.path(word + "_longest_gap_seconds").asDouble());
      }
    }
    return "nothing | ";
  }
}
