package io.quorate.chaos.run;

import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Runs of a product with a bug in it: the harness must find each. */
final class InjectedBugRuns {
  private InjectedBugRuns() {}

  /**
   * Plants and runs those whose name contains a text, one after the other.
   *
   * @return whether all were found by the checker that must find them
   * @throws IllegalArgumentException if there is none
   */
  static boolean perform(String text, Path directory, Consumer<String> say)
      throws IOException, InterruptedException {
    List<InjectedSourceBug> bugs =
        InjectedSourceBug.all().stream().filter(bug -> bug.name().contains(text)).toList();
    if (bugs.isEmpty()) {
      throw new IllegalArgumentException("no planted bug is called '" + text + "'");
    }
    List<String> summary = new ArrayList<>();
    boolean all = true;
    for (InjectedSourceBug bug : bugs) {
      say.accept("planted: " + bug.name() + "; " + String.join(" ", bug.run()));
      Path own = directory.resolve(bug.name().replaceAll("[^A-Za-z0-9]+", "-"));
      List<Verdict> broken = run(bug, own);
      boolean found =
          broken.stream().anyMatch(verdict -> verdict.checker().startsWith(bug.breaks()));
      all &= found;
      broken.forEach(
          verdict -> say.accept("  " + verdict.checker() + ": " + first(verdict.explanation())));
      summary.add(
          String.format(
              "%-9s %s: %s", found ? "found" : "NOT FOUND", bug.name(), names(bug, broken)));
    }
    summary.forEach(say);
    return all;
  }

  private static String first(String explanation) {
    return explanation.lines().findFirst().orElse("");
  }

  private static String names(InjectedSourceBug bug, List<Verdict> broken) {
    String others =
        String.join(
            ", ",
            broken.stream()
                .map(Verdict::checker)
                .filter(checker -> !checker.startsWith(bug.breaks()))
                .map(checker -> checker.split(" ")[0])
                .toList());
    return bug.breaks() + (others.isEmpty() ? "" : "; also invalid: " + others);
  }

  /** What is invalid then. */
  static List<Verdict> run(InjectedSourceBug bug, Path directory)
      throws IOException, InterruptedException {
    Path classes = bug.plant(InjectedSourceBug.home(), directory);
    Path out = directory.resolve("run");
    Process process =
        new ProcessBuilder(bug.command(classes, out))
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("output").toFile())
            .start();
    process.waitFor();
    Path verdicts = out.resolve("verdicts.json");
    if (!Files.exists(verdicts)) {
      throw new IOException(bug.name() + " was not run: see " + directory.resolve("output"));
    }
    return List.of(Json.MAPPER.readValue(verdicts.toFile(), Verdict[].class)).stream()
        .filter(verdict -> verdict.status() == Verdict.Status.INVALID)
        .toList();
  }
}
