package io.quorate.chaos.check;

import io.quorate.chaos.history.Diary;
import io.quorate.chaos.history.Op;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * I4. By the tasks' own diaries: each begins once, on one agent; nothing of it is written, and no
 * process of it is there, after its client was told that it is over. The machines of a run share
 * one clock, and a task writes its last line before it exits, so the times need no slack. A master
 * that gives a task up (its agent is gone) speaks of what it cannot see: such an end excuses what
 * still runs there, but no new beginning.
 */
final class TasksRunOnce extends Promise {
  TasksRunOnce() {
    super("I4 no task in two places, none after its end");
  }

  @Override
  void judge(Evidence run, Findings findings) {
    Map<String, List<Op>> updates = run.history().updates();
    Map<String, Diary> began = new HashMap<>();
    for (Diary each : run.diary()) {
      Optional<Op> end =
          updates.getOrDefault(each.task(), List.of()).stream().filter(Told::ends).findFirst();
      boolean after = end.isPresent() && each.time() > end.get().time();
      if (each.what().equals("start")) {
        findings.judged(1);
        Diary before = began.putIfAbsent(each.task(), each);
        if (before != null) {
          findings.broken(
              each.task() + " began twice\n" + line(before) + "\n" + line(each),
              new Verdict.Window(before.time(), each.time()));
        } else if (after) {
          broken("began after its end", each, end.get(), findings);
        }
      } else if (after && seen(end.get())) {
        broken("was there after its end", each, end.get(), findings);
      }
    }
    if (run.diary().isEmpty()) {
      findings.missing("the diaries");
    }
    if (!run.end().has("processes")) {
      findings.missing("what ran at the end (processes of end.json)");
    }
    updates.forEach(
        (task, told) ->
            told.stream()
                .filter(each -> Told.ends(each) && seen(each) && run.runsAtTheEnd(task))
                .findFirst()
                .ifPresent(
                    end -> findings.broken(task + " is over and has a process", new Op[] {end})));
  }

  private static boolean seen(Op end) {
    return !Told.source(end).equals("SOURCE_MASTER");
  }

  private static void broken(String what, Diary line, Op end, Findings findings) {
    findings.broken(
        line.task() + " " + what + "\n" + Tell.of(end) + "\n" + line(line),
        new Verdict.Window(end.time(), line.time()));
  }

  private static String line(Diary each) {
    return Tell.at(each.time())
        + " "
        + each.agent()
        + " diary "
        + each.what()
        + " "
        + each.task()
        + " pid "
        + each.pid();
  }
}
