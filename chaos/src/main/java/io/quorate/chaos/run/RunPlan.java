package io.quorate.chaos.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/** Several runs, one after the other. */
final class RunPlan {
  private RunPlan() {}

  /**
   * The options of each run.
   *
   * @param name {@code ci} or {@code nightly}
   * @throws IllegalArgumentException if there is no such plan
   */
  static List<List<String>> runs(String name) throws IOException {
    try (InputStream in = RunPlan.class.getResourceAsStream(name + ".plan")) {
      if (in == null) {
        throw new IllegalArgumentException("there is no plan '" + name + "': ci or nightly");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .map(line -> List.of(line.split(" +")))
          .toList();
    }
  }

  /**
   * Runs all, whatever becomes of each, and writes {@code summary.md}: a line for each, as the
   * documentation has it.
   *
   * @param more options that come after those of each run
   * @param run takes options, gives an exit status
   * @return the worst of all exit statuses
   */
  static int perform(
      String name, Path directory, List<String> more, ToIntFunction<List<String>> run)
      throws IOException {
    List<String> summary = new ArrayList<>();
    List<String> table = new ArrayList<>(Summary.HEAD);
    int worst = 0;
    int number = 0;
    for (List<String> options : runs(name)) {
      List<String> all = new ArrayList<>(options);
      all.addAll(more);
      number++;
      Path own = directory.resolve(String.format("%02d", number));
      all.add("--out=" + own);
      System.out.println("\nrun " + number + ": " + String.join(" ", options));
      int status = run.applyAsInt(all);
      worst = Math.max(worst, status);
      summary.add(
          String.format(
              "%02d  %-9s %s",
              number,
              status == 0 ? "valid" : status == 1 ? "NOT VALID" : "NOT RUN",
              String.join(" ", options)));
      table.add(Summary.line(own, status));
      Files.write(directory.resolve("summary.md"), table);
    }
    System.out.println("\n" + String.join("\n", summary));
    return worst;
  }
}
