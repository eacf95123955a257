package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the page's script draws, as JSON. Times are microseconds since the run began. Operations and
 * events are columns of equal length, because 50,000 objects would be several times as large; what
 * repeats (processes, kinds, errors) is an index into a list.
 */
final class PageData {
  static final int PROCESSES_MAX = 100;
  static final int KINDS_MAX = 12;
  private static final int KEY_CHARACTERS_MAX = 80;
  private static final int VALUE_CHARACTERS_MAX = 80;
  private static final int ERROR_CHARACTERS_MAX = 200;

  private final ObjectNode root = Json.object();
  private final Names processes = new Names();
  private final Names kinds = new Names();
  private final Names errors = new Names();

  private PageData() {}

  /** The data of one run, safe inside a script element. */
  static String of(Run run, Shown shown, List<Series> series, List<Verdict> verdicts) {
    PageData data = new PageData();
    run.processes().stream().limit(PROCESSES_MAX).forEach(data.processes::index);
    data.root.put("length", micros(run.lengthNanos()));
    data.operations(shown.operations());
    data.events(shown);
    data.strikes(run.strikes());
    data.leaderships(run);
    data.series(series);
    data.windows(verdicts);
    data.root.set("processes", data.processes.json(PROCESSES_MAX));
    data.root.set("kinds", data.kinds.json(Integer.MAX_VALUE));
    data.root.set("errors", data.errors.json(Integer.MAX_VALUE));
    return data.root.toString().replace("<", "\\u003c");
  }

  private void operations(List<RunOperation> operations) {
    ObjectNode columns = root.putObject("operations");
    ArrayNode process = columns.putArray("process");
    ArrayNode kind = columns.putArray("kind");
    ArrayNode outcome = columns.putArray("outcome");
    ArrayNode start = columns.putArray("start");
    ArrayNode took = columns.putArray("took");
    ArrayNode line = columns.putArray("line");
    ArrayNode key = columns.putArray("key");
    ArrayNode value = columns.putArray("value");
    ArrayNode error = columns.putArray("error");
    ArrayNode open = columns.putArray("open");
    for (RunOperation operation : operations) {
      process.add(processes.index(operation.process()));
      kind.add(kinds.index(operation.f()));
      outcome.add(operation.outcome().ordinal());
      start.add(micros(operation.start()));
      took.add(micros(operation.latency()));
      line.add(operation.line());
      key.add(Text.shortened(operation.invoked().key(), KEY_CHARACTERS_MAX));
      value.add(value(operation.invoked()));
      error.add(errors.index(Text.shortened(operation.error(), ERROR_CHARACTERS_MAX)));
      open.add(operation.completed() ? 0 : 1);
    }
  }

  private void events(Shown shown) {
    ObjectNode columns = root.putObject("events");
    ArrayNode process = columns.putArray("process");
    ArrayNode kind = columns.putArray("kind");
    ArrayNode time = columns.putArray("time");
    ArrayNode line = columns.putArray("line");
    ArrayNode key = columns.putArray("key");
    for (int i = 0; i < shown.events().size(); i++) {
      Op event = shown.events().get(i);
      process.add(processes.index(event.process()));
      kind.add(kinds.index(event.f()));
      time.add(micros(event.time()));
      line.add(shown.eventLines().get(i));
      key.add(Text.shortened(event.key(), KEY_CHARACTERS_MAX));
    }
  }

  private void strikes(List<FaultInterval> strikes) {
    ArrayNode all = root.putArray("strikes");
    for (FaultInterval strike : strikes) {
      all.addObject()
          .put("nemesis", strike.nemesis())
          .put("what", strike.what())
          .put("from", micros(strike.from()))
          .put("to", micros(strike.to()))
          .put("healed", strike.healed());
    }
  }

  private void leaderships(Run run) {
    ArrayNode masters = root.putArray("masters");
    run.masters().forEach(masters::add);
    ArrayNode all = root.putArray("reigns");
    for (LeadershipInterval leadership : run.leaderships()) {
      all.addObject()
          .put("master", run.masters().indexOf(leadership.master()))
          .put("from", micros(leadership.from()))
          .put("to", micros(leadership.to()))
          .put("state", leadership.state().word())
          .put("term", leadership.term());
    }
  }

  private void series(List<Series> series) {
    ArrayNode all = root.putArray("series");
    for (Series sery : series) {
      ObjectNode one = all.addObject().put("kind", kinds.index(sery.f()));
      one.put("step", micros(sery.stepNanos()));
      ObjectNode rates = one.putObject("perSecond");
      sery.perSecond().forEach((outcome, values) -> numbers(rates, outcome.word(), values, 1));
      ObjectNode quantiles = one.putObject("quantiles");
      sery.quantiles()
          .forEach((percent, values) -> numbers(quantiles, "p" + percent, values, 1e-3));
    }
  }

  private void windows(List<Verdict> verdicts) {
    ArrayNode all = root.putArray("windows");
    for (int i = 0; i < verdicts.size(); i++) {
      Verdict verdict = verdicts.get(i);
      if (verdict.window() != null && verdict.status() != Verdict.Status.VALID) {
        all.addObject()
            .put("id", "window-" + i)
            .put("checker", verdict.checker())
            .put("from", micros(verdict.window().from()))
            .put("to", micros(verdict.window().to()));
      }
    }
  }

  private static void numbers(ObjectNode into, String name, double[] values, double factor) {
    ArrayNode all = into.putArray(name);
    for (double value : values) {
      if (Double.isNaN(value)) {
        all.addNull();
      } else {
        all.add(Math.round(value * factor * 100) / 100.0);
      }
    }
  }

  private static String value(Op op) {
    return op.value().isNull() ? "" : Text.shortened(op.value().toString(), VALUE_CHARACTERS_MAX);
  }

  private static long micros(long nanos) {
    return nanos / 1000;
  }

  /** Names in the order in which they were first asked for. */
  private static final class Names {
    private final Map<String, Integer> indexes = new LinkedHashMap<>();

    int index(String name) {
      return indexes.computeIfAbsent(name, key -> indexes.size());
    }

    ArrayNode json(int limit) {
      ArrayNode all = Json.MAPPER.createArrayNode();
      indexes.keySet().stream().limit(limit).forEach(all::add);
      return all;
    }
  }
}
