package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.RunDirectory;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the templates of the page write, in plain values. No text is escaped yet; durations are
 * nanoseconds, moments nanoseconds since the run began.
 *
 * @param overall the worst of all verdicts in one word
 * @param facts run.json
 * @param command the command line that repeats the run
 * @param verdicts in the order in which they were judged
 * @param events how many things processes were told, and {@code eventsDrawn} how many of these the
 *     timeline shows
 * @param open operations that never completed
 * @param kinds how many kinds of operations there were
 * @param sampled whether the status of any master was
 * @param stepNanos the width of a step in the charts; 0 if there are none
 * @param series a row for each kind of operation, the most frequent ones
 * @param errors what went wrong most often, and {@code errorsMore} how many other things did
 * @param plots file names of the pictures
 */
record PageModel(
    String overall,
    JsonNode facts,
    String command,
    long length,
    int strikes,
    List<Card> verdicts,
    AvailabilityFigures availability,
    int operations,
    int operationsDrawn,
    int events,
    int eventsDrawn,
    int processes,
    int processesMax,
    int open,
    int kinds,
    boolean sampled,
    long stepNanos,
    List<Kind> series,
    List<Failure> errors,
    int errorsMore,
    RunFiles files,
    List<String> plots) {
  private static final int ERRORS_MAX = 12;
  private static final int ERROR_CHARACTERS_MAX = 200;
  private static final int VALUE_CHARACTERS_MAX = 160;

  /** A verdict; the cause is null if it is valid. */
  record Card(
      String checker,
      String status,
      String explanation,
      Verdict.Window window,
      List<Figure> figures,
      Cause cause) {}

  /** What a checker measured, with its unit. */
  record Figure(String name, String value) {}

  /** Counts of a kind of operation, and the latencies of those that were ok, by percent. */
  record Kind(String f, List<Integer> counts, Map<Integer, Long> latencies) {}

  /** What went wrong in the same way several times. */
  record Failure(String outcome, String f, String why, long times) {}

  static PageModel of(
      Run run,
      RunDirectory directory,
      List<Verdict> verdicts,
      Shown shown,
      List<Series> series,
      List<String> plots) {
    List<JsonNode> log = overall(verdicts).equals("valid") ? List.of() : directory.log();
    List<Failure> errors = errors(run);
    return new PageModel(
        overall(verdicts),
        run.facts(),
        ReportCommand.of(run.facts()),
        run.lengthNanos(),
        run.strikes().size(),
        verdicts.stream().map(verdict -> card(run, log, verdict)).toList(),
        AvailabilityFigures.of(verdicts),
        run.operations().size(),
        shown.operations().size(),
        shown.eventsInAll(),
        shown.events().size(),
        run.processes().size(),
        PageData.PROCESSES_MAX,
        (int) run.operations().stream().filter(operation -> !operation.completed()).count(),
        run.kinds().size(),
        !run.leaderships().isEmpty(),
        series.isEmpty() ? 0 : series.get(0).stepNanos(),
        series.stream()
            .map(kind -> new Kind(kind.f(), List.copyOf(kind.counts().values()), kind.overall()))
            .toList(),
        errors.stream().limit(ERRORS_MAX).toList(),
        Math.max(0, errors.size() - ERRORS_MAX),
        RunFiles.of(run.facts(), directory),
        plots);
  }

  /** The worst of all; unknown if nothing was checked, for then nothing is known. */
  private static String overall(List<Verdict> verdicts) {
    if (verdicts.stream().anyMatch(verdict -> verdict.status() == Verdict.Status.INVALID)) {
      return "invalid";
    }
    boolean allValid =
        verdicts.stream().allMatch(verdict -> verdict.status() == Verdict.Status.VALID);
    return allValid && !verdicts.isEmpty() ? "valid" : "unknown";
  }

  private static Card card(Run run, List<JsonNode> log, Verdict verdict) {
    return new Card(
        verdict.checker(),
        verdict.status().name().toLowerCase(Locale.ROOT),
        verdict.explanation(),
        verdict.window(),
        verdict.figures().entrySet().stream()
            .filter(figure -> !AvailabilityFigures.shows(figure.getKey()))
            .map(figure -> figure(figure.getKey(), figure.getValue()))
            .toList(),
        verdict.status() == Verdict.Status.VALID ? null : Cause.of(run, log, verdict));
  }

  private static Figure figure(String name, Object value) {
    return new Figure(
        Text.figureName(name), Text.shortened(Text.figureValue(name, value), VALUE_CHARACTERS_MAX));
  }

  private static List<Failure> errors(Run run) {
    return run.operations().stream()
        .filter(operation -> operation.outcome() != OperationOutcome.OK)
        .collect(
            Collectors.groupingBy(
                operation ->
                    List.of(
                        operation.outcome().word(),
                        operation.f(),
                        Text.shortened(operation.error(), ERROR_CHARACTERS_MAX)),
                Collectors.counting()))
        .entrySet()
        .stream()
        .sorted(
            Map.Entry.<List<String>, Long>comparingByValue()
                .reversed()
                .thenComparing(count -> count.getKey().toString()))
        .map(
            count ->
                new Failure(
                    count.getKey().get(0),
                    count.getKey().get(1),
                    count.getKey().get(2),
                    count.getValue()))
        .toList();
  }
}
