package io.quorate.chaos.report;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A few lines of a window of a file: of those that are about what a verdict names, or of all if
 * none is, the first and the last.
 *
 * @param lines at most {@link #LINES_MAX}
 * @param gapAfter how many of {@code lines} come before what was left out
 * @param found how many there were before that
 * @param inWindow how many lines the window has
 * @param named whether only what the verdict names is among them
 */
record Excerpt<T>(List<T> lines, int gapAfter, int found, int inWindow, boolean named) {
  static final int LINES_MAX = 40;

  static <T> Excerpt<T> of(List<T> window, Predicate<T> isNamed) {
    List<T> named = window.stream().filter(isNamed).collect(Collectors.toList());
    List<T> found = named.isEmpty() ? window : named;
    boolean all = found.size() <= LINES_MAX;
    List<T> some =
        all
            ? found
            : Stream.concat(
                    found.subList(0, LINES_MAX / 2).stream(),
                    found.subList(found.size() - LINES_MAX / 2, found.size()).stream())
                .toList();
    return new Excerpt<>(
        some, all ? some.size() : LINES_MAX / 2, found.size(), window.size(), !named.isEmpty());
  }
}
