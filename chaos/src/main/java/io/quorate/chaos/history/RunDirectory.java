package io.quorate.chaos.history;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The files of one run:
 *
 * <pre>
 *   run.json        what was asked for: seed, workload, nemeses, backend, nodes
 *   history.jsonl   {@link Op}s by time
 *   status.jsonl    {@link Sample}s of every master, some a second, by time
 *   diary.jsonl     {@link Diary} lines of all agents, by time
 *   log.jsonl       the committed log as the masters show it at the end, one entry a line
 *   end.json        what was looked at once all was healed: state, processes, what is left
 *   nodes/NAME/     what a node wrote: daemon.log, its work directory
 *   verdicts.json, report.html, *.png
 * </pre>
 */
public record RunDirectory(Path path) {
  public List<Op> history() {
    return Json.lines(path.resolve("history.jsonl"), Op.class);
  }

  public List<Sample> samples() {
    return Json.lines(path.resolve("status.jsonl"), Sample.class);
  }

  public List<Diary> diary() {
    return Json.lines(path.resolve("diary.jsonl"), Diary.class);
  }

  /** The entries of the replicated log, as {@code /quorate/log} gives them. */
  public List<JsonNode> log() {
    return Json.lines(path.resolve("log.jsonl"), JsonNode.class);
  }

  public JsonNode run() {
    return read("run.json");
  }

  public JsonNode end() {
    return read("end.json");
  }

  public Path node(String name) {
    return path.resolve("nodes").resolve(name);
  }

  public void write(String file, Object value) {
    try {
      Files.writeString(
          path.resolve(file),
          Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private JsonNode read(String file) {
    try {
      return Json.MAPPER.readTree(path.resolve(file).toFile());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
