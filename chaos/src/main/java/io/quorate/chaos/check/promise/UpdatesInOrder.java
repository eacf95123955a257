package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.UpdateOp;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
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
public final class UpdatesInOrder extends Promise {
  private static final List<String> ORDER =
      List.of("TASK_STAGING", "TASK_STARTING", "TASK_RUNNING", "TASK_KILLING");

  public UpdatesInOrder() {
    super("I5 updates in order, at least once, under one uuid");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Map<String, Op> byUuid = new HashMap<>();
    Map<String, Map<String, Op>> acknowledged = new HashMap<>();
    for (Op op : run.history().events("acknowledged")) {
      acknowledged
          .computeIfAbsent(op.key(), key -> new HashMap<>())
          .putIfAbsent(UpdateOp.uuid(op), op);
    }
    run.history()
        .updates()
        .forEach(
            (task, told) -> {
              told.forEach(update -> oneMeaning(update, byUuid, findings));
              oneName(told, findings);
              inOrder(told, acknowledged.getOrDefault(task, Map.of()), findings);
            });
    atLeastOnce(run, byUuid.keySet(), findings);
  }

  private static void oneMeaning(Op update, Map<String, Op> byUuid, Findings findings) {
    if (!UpdateOp.uuid(update).isEmpty()) {
      findings.judged(1);
      Op before = byUuid.putIfAbsent(UpdateOp.uuid(update), update);
      if (before != null
          && !(before.key().equals(update.key())
              && UpdateOp.state(before).equals(UpdateOp.state(update)))) {
        findings.broken("one uuid has two meanings", before, update);
      }
    }
  }

  /** What the agent said at one moment of one state is one update. */
  private static void oneName(List<Op> told, Findings findings) {
    Map<String, Op> named = new HashMap<>();
    for (Op update : told) {
      double timestamp = update.value().path("timestamp").asDouble();
      if (UpdateOp.uuid(update).isEmpty() || timestamp == 0) {
        continue;
      }
      Op before = named.putIfAbsent(UpdateOp.state(update) + " " + timestamp, update);
      if (before != null && !UpdateOp.uuid(before).equals(UpdateOp.uuid(update))) {
        findings.broken("one update has two uuids", before, update);
      }
    }
  }

  private static void inOrder(List<Op> told, Map<String, Op> acknowledged, Findings findings) {
    Set<String> older = new HashSet<>();
    Op last = null;
    for (Op op : told) {
      String uuid = UpdateOp.uuid(op);
      if (uuid.isEmpty() || (last != null && UpdateOp.uuid(last).equals(uuid))) {
        continue;
      }
      if (older.contains(uuid)) {
        findings.broken("an update came again after a newer one", last, op);
        continue;
      }
      if (last != null) {
        Op answer = acknowledged.get(UpdateOp.uuid(last));
        if (answer == null || answer.time() > op.time()) {
          findings.broken("the next update did not wait for the acknowledgement", last, op);
        }
        if (place(UpdateOp.state(op)) < place(UpdateOp.state(last))) {
          findings.broken("states went back", last, op);
        }
      }
      older.add(uuid);
      last = op;
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
    Map<String, LoggedEvent> unseen = new HashMap<>();
    for (LoggedEvent event : run.log().events()) {
      switch (event.kind()) {
        case "task_status_updated" -> {
          if (!event.uuid().isEmpty() && !seen.contains(event.uuid())) {
            unseen.putIfAbsent(event.uuid(), event);
          }
        }
        case "task_status_acknowledged" -> {
          if (unseen.containsKey(event.acknowledged())) {
            findings.broken(
                "acknowledged, and nobody saw it", unseen.remove(event.acknowledged()), event);
          }
        }
        case "framework_removed" ->
            unseen
                .values()
                .removeIf(old -> old.text("framework_id").equals(event.text("framework_id")));
        default -> {}
      }
    }
    if (run.history().healed().isEmpty()) {
      findings.missing("the run's end: it was not healed");
    } else {
      unseen.values().forEach(event -> findings.broken("an update that nobody ever saw", event));
    }
  }
}
