package io.quorate.chaos.check;

import io.quorate.chaos.history.Op;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * I5. Of every task, by what its client saw: an update is one state under one uuid, told again
 * until it is acknowledged and not after a newer one; the next comes only after the
 * acknowledgement; states go forward. And by the log: every update that was acknowledged was seen,
 * and one that never was is seen by the end of a run, or its framework is over.
 */
final class UpdatesInOrder extends Promise {
  private static final List<String> ORDER =
      List.of("TASK_STAGING", "TASK_STARTING", "TASK_RUNNING", "TASK_KILLING");

  UpdatesInOrder() {
    super("I5 updates in order, at least once, under one uuid");
  }

  @Override
  void judge(Evidence run, Findings findings) {
    Map<String, Op> byUuid = new HashMap<>();
    Map<String, Map<String, Op>> acknowledged = new HashMap<>();
    for (Op each : run.history().events("acknowledged")) {
      acknowledged
          .computeIfAbsent(each.key(), key -> new HashMap<>())
          .putIfAbsent(Told.uuid(each), each);
    }
    run.history()
        .updates()
        .forEach(
            (task, told) -> {
              told.forEach(each -> oneMeaning(each, byUuid, findings));
              oneName(told, findings);
              inOrder(told, acknowledged.getOrDefault(task, Map.of()), findings);
            });
    atLeastOnce(run, byUuid.keySet(), findings);
  }

  private static void oneMeaning(Op update, Map<String, Op> byUuid, Findings findings) {
    if (!Told.uuid(update).isEmpty()) {
      findings.judged(1);
      Op before = byUuid.putIfAbsent(Told.uuid(update), update);
      if (before != null
          && !(before.key().equals(update.key())
              && Told.state(before).equals(Told.state(update)))) {
        findings.broken("one uuid has two meanings", before, update);
      }
    }
  }

  /** What the agent said at one moment of one state is one update. */
  private static void oneName(List<Op> told, Findings findings) {
    Map<String, Op> named = new HashMap<>();
    for (Op each : told) {
      double timestamp = each.value().path("timestamp").asDouble();
      if (Told.uuid(each).isEmpty() || timestamp == 0) {
        continue;
      }
      Op before = named.putIfAbsent(Told.state(each) + " " + timestamp, each);
      if (before != null && !Told.uuid(before).equals(Told.uuid(each))) {
        findings.broken("one update has two uuids", before, each);
      }
    }
  }

  private static void inOrder(List<Op> told, Map<String, Op> acknowledged, Findings findings) {
    Set<String> older = new HashSet<>();
    Op last = null;
    for (Op each : told) {
      String uuid = Told.uuid(each);
      if (uuid.isEmpty() || (last != null && Told.uuid(last).equals(uuid))) {
        continue;
      }
      if (older.contains(uuid)) {
        findings.broken("an update came again after a newer one", last, each);
        continue;
      }
      if (last != null) {
        Op answer = acknowledged.get(Told.uuid(last));
        if (answer == null || answer.time() > each.time()) {
          findings.broken("the next update did not wait for the acknowledgement", last, each);
        }
        if (place(Told.state(each)) < place(Told.state(last))) {
          findings.broken("states went back", last, each);
        }
      }
      older.add(uuid);
      last = each;
    }
  }

  private static int place(String state) {
    int place = ORDER.indexOf(state);
    return place < 0 ? ORDER.size() : place;
  }

  private static void atLeastOnce(Evidence run, Set<String> seen, Findings findings) {
    if (!findings.whole(run.log())) {
      return;
    }
    Map<String, Logged> unseen = new HashMap<>();
    for (Logged each : run.log().events()) {
      switch (each.kind()) {
        case "task_status_updated" -> {
          if (!each.uuid().isEmpty() && !seen.contains(each.uuid())) {
            unseen.putIfAbsent(each.uuid(), each);
          }
        }
        case "task_status_acknowledged" -> {
          if (unseen.containsKey(each.acknowledged())) {
            findings.broken(
                "acknowledged, and nobody saw it", unseen.remove(each.acknowledged()), each);
          }
        }
        case "framework_removed" ->
            unseen
                .values()
                .removeIf(old -> old.text("framework_id").equals(each.text("framework_id")));
        default -> {}
      }
    }
    if (run.history().healed().isEmpty()) {
      findings.missing("the run's end: it was not healed");
    } else {
      unseen.values().forEach(each -> findings.broken("an update that nobody ever saw", each));
    }
  }
}
