package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.RunDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The files of a run's directory to which the page has links.
 *
 * @param files those of {@link RunDirectory} that are there
 * @param nodes the nodes of run.json, and those that left files without being named there
 */
record RunFiles(List<Link> files, List<Node> nodes) {
  private static final int LOGS_PER_NODE_MAX = 20;
  private static final List<String> NAMES =
      List.of(
          "run.json",
          "history.jsonl",
          "status.jsonl",
          "diary.jsonl",
          "log.jsonl",
          "end.json",
          "verdicts.json");

  /**
   * A link.
   *
   * @param address relative to the page, encoded
   */
  record Link(String address, String name, long bytes) {}

  /** A node with its logs; kind and address are empty if run.json does not know it. */
  record Node(String name, String kind, String address, List<Link> logs) {}

  static RunFiles of(JsonNode facts, RunDirectory directory) {
    Map<String, JsonNode> nodes = new TreeMap<>(Run::byNameAndNumber);
    for (Path path : list(directory.path().resolve("nodes"))) {
      nodes.put(path.getFileName().toString(), facts.path("no such node"));
    }
    facts.path("nodes").forEach(node -> nodes.put(node.path("name").asText(), node));
    return new RunFiles(
        NAMES.stream()
            .map(directory.path()::resolve)
            .filter(Files::exists)
            .map(file -> link(directory, file))
            .toList(),
        nodes.entrySet().stream()
            .map(
                node ->
                    new Node(
                        node.getKey(),
                        node.getValue().path("kind").asText(),
                        node.getValue().path("ip").asText(),
                        logs(directory, node.getKey())))
            .toList());
  }

  private static List<Link> logs(RunDirectory directory, String node) {
    return list(directory.node(node)).stream()
        .filter(file -> file.toString().endsWith(".log") && Files.isRegularFile(file))
        .limit(LOGS_PER_NODE_MAX)
        .map(file -> link(directory, file))
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

  private static Link link(RunDirectory directory, Path file) {
    String address =
        StreamSupport.stream(directory.path().relativize(file).spliterator(), false)
            .map(part -> encoded(part.toString()))
            .collect(Collectors.joining("/"));
    try {
      return new Link(address, file.getFileName().toString(), Files.size(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One segment of a relative address. */
  private static String encoded(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
