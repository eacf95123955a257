package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import io.quorate.chaos.history.Sample;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * Where a verdict that is not valid points: to lines of the history and to entries of the committed
 * log. In both files a window of the run is cut out, and of this only what is about the things that
 * the explanation names, if it names any.
 *
 * @param history of history.jsonl; null if the verdict has no window
 * @param log of log.jsonl; null if neither a window nor the explanation leads to an entry
 */
record Cause(Excerpt<HistoryLine> history, Excerpt<LogRecord> log) {
  private static final int CHARACTERS_MAX = 160;

  /** A window of one moment is widened by this much on both sides. */
  private static final long MOMENT_NANOS = 50_000_000;

  /** Masters are sampled four times a second, so a second has some samples of each. */
  private static final long SAMPLES_NANOS = 1_000_000_000;

  private static final Pattern INDEX = Pattern.compile("\\bindex (\\d{1,18})\\b");

  /**
   * A line of history.jsonl.
   *
   * @param line its number, from 1
   */
  record HistoryLine(
      int line, long time, String process, String type, String f, String key, String text) {}

  /**
   * A call of log.jsonl with what it caused.
   *
   * @param line of its entry, from 1
   * @param index of its entry in the replicated log
   * @param call its kind, such as {@code accept}
   * @param events their kinds
   * @param text the call and the events as JSON, cut if it is long
   * @param named whether the verdict names something that is in it
   */
  record LogRecord(
      int line, long index, String call, List<String> events, String text, boolean named) {}

  static Cause of(Run run, List<JsonNode> log, Verdict verdict) {
    Set<String> words = words(verdict.explanation());
    return new Cause(
        verdict.window() == null ? null : history(run, verdict.window(), words),
        log(run, log, verdict, words));
  }

  private static Excerpt<HistoryLine> history(Run run, Verdict.Window window, Set<String> words) {
    long widen = window.from() == window.to() ? MOMENT_NANOS : 0;
    List<HistoryLine> all = new ArrayList<>();
    for (int i = 0; i < run.lines().size(); i++) {
      Op line = run.lines().get(i);
      if (line.time() >= window.from() - widen && line.time() <= window.to() + widen) {
        all.add(line(i + 1, line));
      }
    }
    return Excerpt.of(all, line -> words.contains(line.key()));
  }

  private static HistoryLine line(int number, Op op) {
    String value = op.value().isNull() ? "" : op.value().toString();
    String text = op.error().isEmpty() ? value : (value + " " + op.error()).strip();
    return new HistoryLine(
        number,
        op.time(),
        op.process(),
        op.type().name().toLowerCase(Locale.ROOT),
        op.f(),
        op.key(),
        Text.shortened(text, CHARACTERS_MAX));
  }

  private static Excerpt<LogRecord> log(
      Run run, List<JsonNode> log, Verdict verdict, Set<String> words) {
    Set<Long> indexes = new HashSet<>();
    Matcher index = INDEX.matcher(verdict.explanation());
    while (index.find()) {
      indexes.add(Long.parseLong(index.group(1)));
    }
    Verdict.Window window = verdict.window();
    long first = window == null ? Long.MAX_VALUE : committed(run, window.from());
    long last = window == null ? 0 : committed(run, window.to() + SAMPLES_NANOS);
    List<LogRecord> all = new ArrayList<>();
    for (int i = 0; i < log.size(); i++) {
      long at = log.get(i).path("index").asLong();
      boolean pointedAt = indexes.contains(at);
      if (pointedAt || (at > first && at <= last)) {
        for (JsonNode call : log.get(i).path("entry").path("records")) {
          boolean named = pointedAt || !Collections.disjoint(texts(call), words);
          all.add(record(i + 1, at, call, named));
        }
      }
    }
    return all.isEmpty() ? null : Excerpt.of(all, LogRecord::named);
  }

  /** The last index that a master had committed by then, as far as it was sampled. */
  private static long committed(Run run, long time) {
    return run.samples().stream()
        .filter(sample -> sample.answered() && sample.time() <= time)
        .mapToLong(Sample::committed)
        .max()
        .orElse(0);
  }

  private static LogRecord record(int line, long index, JsonNode call, boolean named) {
    return new LogRecord(
        line,
        index,
        kind(call.path("call")),
        StreamSupport.stream(call.path("events").spliterator(), false).map(Cause::kind).toList(),
        Text.shortened(call.toString(), CHARACTERS_MAX),
        named);
  }

  /** Calls and events are objects with one field, which is named after the kind. */
  private static String kind(JsonNode message) {
    return message.properties().stream().map(field -> field.getKey()).findFirst().orElse("none");
  }

  private static Set<String> texts(JsonNode value) {
    return value.isTextual()
        ? Set.of(value.textValue())
        : StreamSupport.stream(value.spliterator(), false)
            .flatMap(part -> texts(part).stream())
            .collect(Collectors.toSet());
  }

  private static Set<String> words(String explanation) {
    Set<String> words = new HashSet<>();
    for (String word : explanation.split("[\\s,;()\\[\\]{}\"'<>]+")) {
      words.add(word);
      words.add(word.replaceAll("[.:!?]+$", ""));
    }
    words.remove("");
    return words;
  }
}
