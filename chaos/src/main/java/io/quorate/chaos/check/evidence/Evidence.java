package io.quorate.chaos.check.evidence;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quorate.chaos.history.Diary;
import io.quorate.chaos.history.Op;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.history.Sample;
import java.io.FileNotFoundException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What a run left behind, read once for all checkers. A file that is not there gives nothing, and
 * it is for the checkers to say that they cannot judge.
 */
public final class Evidence {
  private final CallHistory history;
  private final List<Sample> samples;
  private final List<Diary> diary;
  private final CommittedLog log;
  private final JsonNode run;
  private final JsonNode end;
  private final Set<String> ran = new HashSet<>();
  private final Set<String> running = new HashSet<>();
  private final Set<String> removed = new HashSet<>();

  /** In the order of time, and of the log. */
  public Evidence(
      CallHistory history,
      List<Sample> samples,
      List<Diary> diary,
      CommittedLog log,
      JsonNode run,
      JsonNode end) {
    this.history = history;
    this.samples = samples;
    this.diary = diary;
    this.log = log;
    this.run = run;
    this.end = end;
    diary.forEach(entry -> ran.add(entry.task()));
    for (Op op : history.events("update")) {
      if (UpdateOp.state(op).equals("TASK_RUNNING")) {
        ran.add(op.key());
      }
    }
    for (JsonNode ofAgent : end.path("processes")) {
      ofAgent.forEach(agent -> running.addAll(tasks(agent)));
    }
    for (LoggedEvent event : log.events()) {
      if (event.is("framework_removed")) {
        removed.addAll(history.clientsOf(event.text("framework_id")));
      }
    }
  }

  /** Of an object its task; of a line of ps all words of its paths. */
  private static List<String> tasks(JsonNode process) {
    return process.isTextual()
        ? List.of(process.asText().split("[/ ]"))
        : List.of(process.path("task").asText());
  }

  public static Evidence of(RunDirectory directory) {
    return new Evidence(
        new CallHistory(directory.history()),
        directory.samples(),
        directory.diary(),
        new CommittedLog(directory.log()),
        orMissing(directory::run),
        orMissing(directory::end));
  }

  private static JsonNode orMissing(Supplier<JsonNode> read) {
    try {
      return read.get();
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof FileNotFoundException
          || e.getCause() instanceof NoSuchFileException) {
        return MissingNode.getInstance();
      }
      throw e;
    }
  }

  public CallHistory history() {
    return history;
  }

  public List<Sample> samples() {
    return samples;
  }

  public List<Diary> diary() {
    return diary;
  }

  public CommittedLog log() {
    return log;
  }

  /** What was looked at once all was healed. */
  public JsonNode end() {
    return end;
  }

  /** What was to strike; nothing if the run does not say. */
  public Optional<List<String>> nemeses() {
    if (!run.path("nemeses").isArray()) {
      return Optional.empty();
    }
    List<String> names = new ArrayList<>();
    run.path("nemeses").forEach(name -> names.add(name.asText()));
    return Optional.of(names);
  }

  /** A bound that the run states, or the usual one. */
  public double option(String name, double usual) {
    return run.path("options").path(name).asDouble(usual);
  }

  /** Whether a task was ever seen to run, by its own word or by its agent's. */
  public boolean ran(String task) {
    return ran.contains(task);
  }

  /** Whether a process of a task was there when all was over. */
  public boolean runsAtTheEnd(String task) {
    return running.contains(task);
  }

  /** Whether the framework that a client was is over: its tasks end without a word. */
  public boolean removed(String client) {
    return removed.contains(client);
  }
}
