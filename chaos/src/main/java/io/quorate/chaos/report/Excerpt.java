package io.quorate.chaos.report;

import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Op;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The lines of the history that a verdict points at: those in its window, and of these only what is
 * about the things that its explanation names, if it names any.
 *
 * @param lines at most {@link #LINES_MAX}; from the beginning and the end if there are more
 * @param numbers of each line in history.jsonl, from 1
 * @param gapAfter how many of {@code lines} come before what was left out
 * @param found how many there were before that
 * @param inWindow how many lines the window has
 * @param named whether only what the explanation names is among them
 */
record Excerpt(
    List<Op> lines, List<Integer> numbers, int gapAfter, int found, int inWindow, boolean named) {
  static final int LINES_MAX = 40;

  /** A window of one moment is widened by this much on both sides. */
  private static final long MOMENT_NANOS = 50_000_000;

  static Excerpt of(Run run, Verdict verdict) {
    Verdict.Window window = verdict.window();
    long widen = window.from() == window.to() ? MOMENT_NANOS : 0;
    Set<String> words = words(verdict.explanation());
    List<Integer> all = new ArrayList<>();
    List<Integer> named = new ArrayList<>();
    for (int i = 0; i < run.lines().size(); i++) {
      Op line = run.lines().get(i);
      if (line.time() >= window.from() - widen && line.time() <= window.to() + widen) {
        all.add(i);
        if (words.contains(line.key())) {
          named.add(i);
        }
      }
    }
    List<Integer> found = named.isEmpty() ? all : named;
    List<Integer> some = new ArrayList<>(found);
    if (found.size() > LINES_MAX) {
      some = new ArrayList<>(found.subList(0, LINES_MAX / 2));
      some.addAll(found.subList(found.size() - LINES_MAX / 2, found.size()));
    }
    return new Excerpt(
        some.stream().map(run.lines()::get).toList(),
        some.stream().map(index -> index + 1).toList(),
        found.size() > LINES_MAX ? LINES_MAX / 2 : some.size(),
        found.size(),
        all.size(),
        !named.isEmpty());
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
