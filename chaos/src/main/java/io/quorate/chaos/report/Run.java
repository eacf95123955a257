package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.history.Sample;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * A run as it is drawn. The whole history is held in memory, some 300 bytes a line.
 *
 * @param facts run.json; an empty object if there is none
 * @param lines history.jsonl, by time
 * @param samples status.jsonl, by time
 * @param operations by start
 * @param strikes by start
 * @param leaderships by master, then by time
 * @param lengthNanos from 0 to the last thing that was written
 */
record Run(
    JsonNode facts,
    List<Op> lines,
    List<Sample> samples,
    List<RunOperation> operations,
    List<FaultInterval> strikes,
    List<LeadershipInterval> leaderships,
    long lengthNanos) {

  /** Fails with {@link java.io.UncheckedIOException} if a file cannot be read or understood. */
  static Run read(RunDirectory directory) {
    JsonNode facts =
        Files.exists(directory.path().resolve("run.json")) ? directory.run() : Json.object();
    List<Op> lines = directory.history();
    List<Sample> samples = directory.samples();
    long length = 1;
    for (Op line : lines) {
      length = Math.max(length, line.time());
    }
    for (Sample sample : samples) {
      length = Math.max(length, sample.time());
    }
    return new Run(
        facts,
        lines,
        samples,
        operations(lines, length),
        strikes(lines, length),
        leaderships(samples),
        length);
  }

  /** Who did or was told something, the nemesis left out, in the order of names and numbers. */
  List<String> processes() {
    TreeSet<String> names = new TreeSet<>(Run::byNameAndNumber);
    for (Op line : lines) {
      if (!line.process().equals(Op.NEMESIS)) {
        names.add(line.process());
      }
    }
    return List.copyOf(names);
  }

  /** What was tried, most often first. */
  List<String> kinds() {
    Map<String, Long> counts = new HashMap<>();
    operations.forEach(operation -> counts.merge(operation.f(), 1L, Long::sum));
    return counts.entrySet().stream()
        .sorted(
            Map.Entry.<String, Long>comparingByValue()
                .reversed()
                .thenComparing(Map.Entry.comparingByKey()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** Whose status was sampled, in the order of names and numbers. */
  List<String> masters() {
    return leaderships.stream().map(LeadershipInterval::master).distinct().toList();
  }

  /** So that client10 comes after client9. */
  static int byNameAndNumber(String one, String other) {
    String oneName = one.replaceAll("\\d+$", "");
    String otherName = other.replaceAll("\\d+$", "");
    int byName = oneName.compareTo(otherName);
    int byLength = Integer.compare(one.length(), other.length());
    return byName != 0 ? byName : byLength != 0 ? byLength : one.compareTo(other);
  }

  private record Invocation(String process, long id) {}

  private static List<RunOperation> operations(List<Op> lines, long length) {
    Map<Invocation, Integer> open = new LinkedHashMap<>();
    List<RunOperation> all = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      Op line = lines.get(i);
      if (line.process().equals(Op.NEMESIS) || line.type() == Op.Type.EVENT) {
        continue;
      }
      Invocation invocation = new Invocation(line.process(), line.id());
      if (line.type() == Op.Type.INVOKE) {
        open.put(invocation, i);
        continue;
      }
      Integer at = open.remove(invocation);
      if (at != null) {
        all.add(
            new RunOperation(
                at + 1, lines.get(at), outcome(line.type()), line.time(), true, line.error()));
      }
    }
    for (int at : open.values()) {
      all.add(
          new RunOperation(
              at + 1, lines.get(at), OperationOutcome.INFO, length, false, "never completed"));
    }
    all.sort(Comparator.comparingLong(RunOperation::start).thenComparingInt(RunOperation::line));
    return all;
  }

  private static OperationOutcome outcome(Op.Type type) {
    return switch (type) {
      case OK -> OperationOutcome.OK;
      case FAIL -> OperationOutcome.FAIL;
      case INFO -> OperationOutcome.INFO;
      case INVOKE, EVENT -> throw new IllegalArgumentException("not a completion: " + type);
    };
  }

  private static List<FaultInterval> strikes(List<Op> lines, long length) {
    Map<String, Op> open = new LinkedHashMap<>();
    List<FaultInterval> all = new ArrayList<>();
    for (Op line : lines) {
      if (!line.process().equals(Op.NEMESIS)) {
        continue;
      }
      String strike = line.f() + " " + line.value().path("strike").asText();
      String phase = line.value().path("phase").asText();
      if (phase.equals("start")) {
        open.put(strike, line);
      } else if (phase.equals("struck")) {
        // From its beginning on, but now it is known whom it hit.
        Op start = open.getOrDefault(strike, line);
        open.put(
            strike,
            new Op(start.time(), Op.NEMESIS, line.type(), line.f(), "", line.value(), 0, ""));
      } else if (phase.equals("stop")) {
        Op start = open.remove(strike);
        if (start != null) {
          all.add(strike(start, line.time(), true));
        }
      }
    }
    open.values().forEach(start -> all.add(strike(start, length, false)));
    all.sort(Comparator.comparingLong(FaultInterval::from));
    return all;
  }

  private static FaultInterval strike(Op start, long to, boolean healed) {
    return new FaultInterval(
        start.f(), start.value().path("what").asText(), start.time(), Math.max(to, 0), healed);
  }

  private static List<LeadershipInterval> leaderships(List<Sample> samples) {
    Map<String, List<LeadershipInterval>> byMaster = new HashMap<>();
    for (Sample sample : samples) {
      List<LeadershipInterval> own =
          byMaster.computeIfAbsent(sample.master(), name -> new ArrayList<>());
      LeadershipInterval.State state = state(sample);
      long term = sample.answered() ? sample.term() : 0;
      LeadershipInterval last = own.isEmpty() ? null : own.get(own.size() - 1);
      if (last != null) {
        // What was true at one sample is drawn until the next one says otherwise.
        own.set(
            own.size() - 1,
            new LeadershipInterval(
                last.master(), last.from(), sample.time(), last.state(), last.term()));
      }
      if (last == null || last.state() != state || last.term() != term) {
        own.add(new LeadershipInterval(sample.master(), sample.time(), sample.time(), state, term));
      }
    }
    return byMaster.values().stream()
        .flatMap(List::stream)
        .sorted(
            Comparator.comparing(LeadershipInterval::master, Run::byNameAndNumber)
                .thenComparingLong(LeadershipInterval::from))
        .toList();
  }

  private static LeadershipInterval.State state(Sample sample) {
    if (!sample.running()) {
      return LeadershipInterval.State.DOWN;
    }
    if (!sample.answered()) {
      return LeadershipInterval.State.SILENT;
    }
    return sample.serving() ? LeadershipInterval.State.LEADING : LeadershipInterval.State.FOLLOWING;
  }
}
