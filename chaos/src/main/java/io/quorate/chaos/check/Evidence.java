package io.quorate.chaos.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.quorate.chaos.history.Diary;
import io.quorate.chaos.history.Op;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.history.Sample;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a run left behind, read once for all checkers. A file that is not there gives nothing, and
 * it is for the checkers to say that they cannot judge.
 *
 * @param run its options are under {@code options}
 */
record Evidence(
    History history,
    List<Sample> samples,
    List<Diary> diary,
    CommittedLog log,
    JsonNode run,
    JsonNode end) {

  static Evidence of(RunDirectory directory) {
    List<Op> ops = directory.history();
    return new Evidence(
        new History(ops),
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
      if (e.getCause() instanceof NoSuchFileException
          || e.getCause() instanceof java.io.FileNotFoundException) {
        return MissingNode.getInstance();
      }
      throw e;
    }
  }

  /** A bound that the run states, or the usual one. */
  double option(String name, double usual) {
    JsonNode value = run.path("options").path(name);
    return value.isNumber() ? value.doubleValue() : value.asDouble(usual);
  }
}
