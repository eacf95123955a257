package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.CommittedLog;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.UpdateOp;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.history.Op;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * I1. Every launch that was answered is in the log, and the task runs, or its client was told of
 * one end; no task is told to have ended in two ways. What is over without a word must have lost
 * its framework. A launch is given {@code recovery_seconds_max} after its answer, or after the last
 * harm was undone, to be heard of.
 */
public final class AcknowledgedLaunches extends Promise {
  public AcknowledgedLaunches() {
    super("I1 an acknowledged launch runs or gets exactly one terminal state");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Map<String, List<Op>> updates = run.history().updates();
    updates.forEach((task, told) -> endsOnce(task, told, findings));
    if (run.end().isMissingNode()) {
      findings.missing("end.json, which says what still runs");
    }
    if (run.history().healed().isEmpty()) {
      findings.missing("the run's end: it was not healed");
    }
    boolean whole = findings.whole(run.log());
    Set<String> inLog = inLog(run.log());
    for (Call launch : run.history().calls("launch")) {
      if (launch.ok()) {
        findings.judged(1);
        if (whole && !inLog.contains(launch.key())) {
          findings.broken(
              "an acknowledged launch is not in the log", launch.invoke(), launch.done());
        }
        isNotLost(run, launch, updates.getOrDefault(launch.key(), List.of()), findings);
      }
    }
  }

  private static void endsOnce(String task, List<Op> told, Findings findings) {
    Map<String, Op> ends = new LinkedHashMap<>();
    for (Op op : told) {
      if (UpdateOp.ends(op)) {
        ends.putIfAbsent(UpdateOp.state(op), op);
      }
    }
    if (ends.size() > 1) {
      findings.broken(task + " ended in several ways", ends.values().toArray(new Op[0]));
    }
  }

  private static Set<String> inLog(CommittedLog log) {
    Set<String> tasks = new HashSet<>();
    for (LoggedEvent event : log.events()) {
      switch (event.kind()) {
        case "task_launched" ->
            tasks.add(event.event().path("task_info").path("task_id").path("value").asText());
        case "task_group_launched" ->
            event
                .event()
                .path("task_group")
                .path("tasks")
                .forEach(task -> tasks.add(task.path("task_id").path("value").asText()));
        case "task_refused" -> tasks.add(event.task());
        default -> {}
      }
    }
    return tasks;
  }

  private static void isNotLost(Evidence run, Call launch, List<Op> told, Findings findings) {
    String task = launch.key();
    if (told.stream().anyMatch(UpdateOp::ends) || run.runsAtTheEnd(task)) {
      return;
    }
    long since = Math.max(launch.returned(), run.history().healed().orElse(0L));
    long bound = (long) (run.option("recovery_seconds_max", Recovery.SECONDS_MAX) * 1e9);
    boolean waited = run.history().end() - since > bound;
    if (run.ran(task)) {
      if (!run.removed(launch.process()) || wasOverBefore(run, task, launch.process(), bound)) {
        findings.broken(task + " ran, is gone, and its client was not told", ops(launch, told));
      }
    } else if (waited) {
      findings.broken(task + " neither ran nor ended", ops(launch, told));
    } else {
      findings.missing("what became of " + task + ": the run ended too soon after its launch");
    }
  }

  /** By its own diary, while its client was there long enough to be told. */
  private static boolean wasOverBefore(Evidence run, String task, String client, long bound) {
    List<Op> told = run.history().eventsOf(client);
    long there = told.isEmpty() ? 0 : told.get(told.size() - 1).time();
    long healed = run.history().healed().orElse(there);
    return run.diary().stream()
        .filter(entry -> entry.task().equals(task) && entry.what().equals("end"))
        .anyMatch(entry -> there - Math.max(entry.time(), healed) > bound);
  }

  private static Op[] ops(Call launch, List<Op> told) {
    Op[] ops = new Op[2 + told.size()];
    ops[0] = launch.invoke();
    ops[1] = launch.done();
    for (int i = 0; i < told.size(); i++) {
      ops[2 + i] = told.get(i);
    }
    return ops;
  }
}
