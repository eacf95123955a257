package io.quorate.examples.crawl;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Which page links to which, and the picture of each, as a graph for graphviz. */
final class LinkGraph {
  private final Map<String, Set<String>> links = new TreeMap<>();
  private final Map<String, String> pictures = new TreeMap<>();

  void link(String from, String to) {
    links.computeIfAbsent(from, key -> new TreeSet<>()).add(to);
  }

  void picture(String page, String file) {
    pictures.put(page, file);
  }

  /** In the DOT language. */
  String toDot() {
    StringBuilder dot = new StringBuilder("digraph site {\n  node [shape=box];\n");
    pictures.forEach(
        (page, file) ->
            dot.append("  %s [image=%s, labelloc=b];\n".formatted(quoted(page), quoted(file))));
    links.forEach(
        (from, all) ->
            all.forEach(to -> dot.append("  %s -> %s;\n".formatted(quoted(from), quoted(to)))));
    return dot.append("}\n").toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
