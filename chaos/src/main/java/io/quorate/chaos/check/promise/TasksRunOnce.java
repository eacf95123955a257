package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.OpText;
import io.quorate.chaos.check.evidence.UpdateOp;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
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
public final class TasksRunOnce extends Promise {
  public TasksRunOnce() {
    super("I4 no task in two places, none after its end");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Map<String, List<Op>> updates = run.history().updates();
    Map<String, Diary> began = new HashMap<>();
    for (Diary diary : run.diary()) {
      Optional<Op> end =
          updates.getOrDefault(diary.task(), List.of()).stream().filter(UpdateOp::ends).findFirst();
      boolean after = end.isPresent() && diary.time() > end.get().time();
      if (diary.what().equals("start")) {
        findings.judged(1);
        Diary before = began.putIfAbsent(diary.task(), diary);
        if (before != null) {
          findings.broken(
              diary.task() + " began twice\n" + line(before) + "\n" + line(diary),
              new Verdict.Window(before.time(), diary.time()));
        } else if (after) {
          broken("began after its end", diary, end.get(), findings);
        }
      } else if (after && seen(end.get())) {
        broken("was there after its end", diary, end.get(), findings);
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
                .filter(update -> UpdateOp.ends(update) && seen(update) && run.runsAtTheEnd(task))
                .findFirst()
                .ifPresent(
                    end -> findings.broken(task + " is over and has a process", new Op[] {end})));
  }

  private static boolean seen(Op end) {
    return !UpdateOp.source(end).equals("SOURCE_MASTER");
  }

  private static void broken(String what, Diary line, Op end, Findings findings) {
    findings.broken(
        line.task() + " " + what + "\n" + OpText.of(end) + "\n" + line(line),
        new Verdict.Window(end.time(), line.time()));
  }

  private static String line(Diary entry) {
    return OpText.at(entry.time())
        + " "
        + entry.agent()
        + " diary "
        + entry.what()
        + " "
        + entry.task()
        + " pid "
        + entry.pid();
  }
}
