package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The command line that asks for the same run again. */
final class ReportCommand {
  private static final Map<String, String> OPTION_OF_FACT =
      Map.of(
          "workload", "--workload",
          "time_limit_seconds", "--time-limit",
          "seed", "--seed",
          "backend", "--backend");

  private ReportCommand() {}

  static String of(JsonNode facts) {
    if (facts.hasNonNull("command")) {
      return facts.path("command").asText();
    }
    List<String> words = new ArrayList<>(List.of("./quorate", "chaos"));
    List<String> nemeses = names(facts.path("nemeses"));
    if (!nemeses.isEmpty()) {
      add(words, "--nemesis", String.join(",", nemeses));
    }
    for (String fact : List.of("workload", "time_limit_seconds", "seed", "backend")) {
      if (facts.hasNonNull(fact)) {
        add(words, OPTION_OF_FACT.get(fact), facts.path(fact).asText());
      }
    }
    facts
        .path("options")
        .properties()
        .forEach(
            option -> option(words, "--" + option.getKey().replace('_', '-'), option.getValue()));
    return words.stream().map(Text::shell).collect(Collectors.joining(" "));
  }

  private static void option(List<String> words, String name, JsonNode value) {
    if (words.contains(name) || value.isNull() || (value.isBoolean() && !value.asBoolean())) {
      return;
    }
    if (value.isBoolean()) {
      words.add(name);
    } else {
      add(words, name, value.isArray() ? String.join(",", names(value)) : value.asText());
    }
  }

  private static List<String> names(JsonNode array) {
    List<String> all = new ArrayList<>();
    array.forEach(name -> all.add(name.asText()));
    return all;
  }

  private static void add(List<String> words, String name, String value) {
    words.add(name);
    words.add(value);
  }
}
