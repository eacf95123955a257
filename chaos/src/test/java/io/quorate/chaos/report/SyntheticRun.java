package io.quorate.chaos.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.history.Op;
import io.quorate.chaos.history.RunDirectory;
import io.quorate.chaos.history.Sample;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * The files of a run that never was: 60 seconds, three masters, frameworks that launch and kill,
 * and clients of a register. The leader is cut off from 12 s to 22 s, master1 is killed from 35 s
 * to 39 s, and packets are lost from 48 s until the end.
 */
final class SyntheticRun {
  static final int OPERATIONS_DEFAULT = 20_000;

  /** What a page that does not escape would run. */
  static final String NASTY = "</script><script>document.title='owned'</script><b id=owned>\"'&";

  private static final long SECOND = 1_000_000_000L;
  private static final long LENGTH = 60 * SECOND;

  /** A log entry is committed this often. */
  private static final long ENTRY = SECOND / 100;

  private static final List<String> PROCESSES =
      List.of("framework0", "framework1", "register2", "register10", "agents");

  private final Random random = new Random(7);
  private final List<Op> lines = new ArrayList<>();
  private long lastId;

  static List<Verdict> write(Path path, int operations) {
    try {
      Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RunDirectory directory = new RunDirectory(path);
    SyntheticRun run = new SyntheticRun();
    run.operations(operations);
    run.strikes();
    run.lines.sort(Comparator.comparingLong(Op::time));
    Json.writeLines(path.resolve("history.jsonl"), run.lines);
    Json.writeLines(path.resolve("status.jsonl"), samples());
    Json.writeLines(path.resolve("log.jsonl"), log());
    directory.write("run.json", facts());
    logs(directory);
    return verdicts();
  }

  private void operations(int count) {
    for (int i = 0; i < count; i++) {
      long start = (long) ((double) i / count * (LENGTH - SECOND)) + random.nextInt(1_000_000);
      String process = PROCESSES.get(random.nextInt(4));
      boolean register = process.startsWith("register");
      String f =
          register
              ? (random.nextInt(3) == 0 ? "write" : "read")
              : random.nextInt(4) == 0 ? "kill" : random.nextInt(40) == 0 ? "reconcile" : "launch";
      String key = register ? "weight-" + random.nextInt(5) : "task-" + i;
      operation(process, f, i == count / 2 ? NASTY : key, start);
    }
  }

  private void operation(String process, String f, String key, long start) {
    long id = ++lastId;
    JsonNode value = f.equals("write") ? Json.MAPPER.valueToTree(id) : Json.NULL;
    lines.add(new Op(start, process, Op.Type.INVOKE, f, key, value, id, ""));
    double chance = random.nextDouble();
    Op.Type type = Op.Type.OK;
    String error = "";
    long took = (long) (2_000_000 * Math.exp(random.nextGaussian() * 0.6));
    if (leaderless(start)) {
      took = 5_000_000L + random.nextInt(20_000_000);
      type = chance < 0.15 ? Op.Type.INFO : Op.Type.FAIL;
      error = type == Op.Type.FAIL ? "503 no leader" : "no answer within 1 s";
      took = type == Op.Type.INFO ? SECOND + random.nextInt(9_000_000) : took;
    } else if (start > 48 * SECOND) {
      took *= chance < 0.2 ? 80 : 2;
    }
    if (chance > 0.9995) {
      return;
    }
    lines.add(new Op(start + took, process, type, f, key, Json.NULL, id, error));
    if (type == Op.Type.OK && f.equals("launch")) {
      event(start + took + 3_000_000, process, "update", key);
      event(start + took + 90_000_000, "agents", "started", key);
    }
  }

  private void event(long time, String process, String f, String key) {
    if (time < LENGTH) {
      lines.add(new Op(time, process, Op.Type.EVENT, f, key, Json.NULL, 0, ""));
    }
  }

  private static boolean leaderless(long at) {
    return (at > 12 * SECOND && at < 14.2 * SECOND) || (at > 35 * SECOND && at < 35.8 * SECOND);
  }

  private void strikes() {
    strike("partition-leader", "master0 | master1 master2", 1, 12 * SECOND, 22 * SECOND);
    strike("kill", "master1", 2, 35 * SECOND, 39 * SECOND);
    strike("kill", "agent0", 3, 36 * SECOND, 38 * SECOND);
    strike("packet-loss", "5 % between all", 4, 48 * SECOND, -1);
  }

  private void strike(String nemesis, String what, int number, long from, long to) {
    phase(nemesis, "start", what, number, from);
    if (to >= 0) {
      phase(nemesis, "stop", what, number, to);
    }
  }

  private void phase(String nemesis, String phase, String what, int number, long time) {
    ObjectNode value = Json.object().put("phase", phase).put("what", what).put("strike", number);
    lines.add(new Op(time, Op.NEMESIS, Op.Type.INFO, nemesis, "", value, 0, ""));
  }

  private static List<Sample> samples() {
    List<Sample> all = new ArrayList<>();
    for (long at = 0; at < LENGTH; at += SECOND / 4) {
      for (int master = 0; master < 3; master++) {
        boolean cut = master == 0 && at >= 12 * SECOND && at < 22 * SECOND;
        boolean killed = master == 1 && at >= 35 * SECOND && at < 39 * SECOND;
        long term = at < 14 * SECOND || cut ? 3 : at < 36 * SECOND ? 4 : 5;
        int leader = at < 12 * SECOND ? 0 : at < 14 * SECOND ? -1 : at < 35 * SECOND ? 1 : 2;
        boolean leads = master == leader && !killed && !(at >= 35 * SECOND && at < 36 * SECOND);
        all.add(
            new Sample(
                at,
                "master" + master,
                !killed,
                !killed && !cut,
                term,
                leads,
                at / ENTRY,
                at / ENTRY,
                "",
                ""));
      }
    }
    return all;
  }

  /** The two launches of the broken promise are among the entries of its window. */
  private static List<ObjectNode> log() {
    List<ObjectNode> all = new ArrayList<>();
    for (int index = 1; index < LENGTH / ENTRY; index++) {
      String task =
          switch (index) {
            case 3601 -> "task-12001";
            case 3605 -> "task-12002";
            default -> "task-of-entry-" + index;
          };
      ObjectNode entry = Json.object().put("index", index);
      ObjectNode record = entry.putObject("entry").putArray("records").addObject();
      record.putObject("call").putObject("accept").put("offer_id", "O" + index);
      record.putArray("events").addObject().putObject("task_launched").put("task_id", task);
      all.add(entry);
    }
    return all;
  }

  private static ObjectNode facts() {
    ObjectNode facts =
        Json.object().put("seed", 7).put("workload", "launch").put("backend", "namespaces");
    facts.put("time_limit_seconds", 60).put("started", "2026-11-21T11:00:00Z");
    facts.putArray("nemeses").add("partition-leader").add("kill").add("packet-loss");
    facts
        .putObject("options")
        .put("rate", 200)
        .put("label", "it's mine" + NASTY)
        .put("keep", false);
    ArrayNode nodes = facts.putArray("nodes");
    for (int i = 0; i < 3; i++) {
      nodes.addObject().put("name", "master" + i).put("kind", "master").put("ip", "10.90.0.1" + i);
    }
    nodes.addObject().put("name", "agent0").put("kind", "agent").put("ip", "10.90.0.21");
    return facts;
  }

  private static void logs(RunDirectory directory) {
    try {
      for (String node : List.of("master0", "master1", "master2", "agent0")) {
        Files.createDirectories(directory.node(node));
        Files.writeString(directory.node(node).resolve("daemon.log"), "a line of " + node + "\n");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Verdict> verdicts() {
    return List.of(
        Verdict.valid("I1 an acknowledged launch runs or ends once", Map.of("launches", 7231)),
        Verdict.invalid(
            "I3 an offer is used once",
            "task-12001 was launched though task-12002 had used its offer.\nOffer O17 was spent.",
            35_900_000_000L,
            36_100_000_000L),
        Verdict.valid(
            "availability",
            Map.of("longest_gap_seconds", 2.2113, "gaps_over_one_second", 2, "ok_percent", 96.31)),
        Verdict.valid("I14 recovery", Map.of("slowest_recovery_seconds", 2.21)),
        Verdict.unknown("linearizable register", "gave up after 10,000,000 states at " + NASTY),
        Verdict.valid("I9 one leader per term", Map.of("terms", 3)));
  }
}
