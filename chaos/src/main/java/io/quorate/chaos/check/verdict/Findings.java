package io.quorate.chaos.check.verdict;

import io.quorate.chaos.check.evidence.CommittedLog;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.OpText;
import io.quorate.chaos.history.Op;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What one checker found so far. Broken beats missing: what was seen is wrong, whatever else is not
 * there. Without anything to judge the verdict is unknown.
 */
public final class Findings {
  private final Map<String, Object> figures = new TreeMap<>();
  private final Set<String> missing = new LinkedHashSet<>();
  private long judged;
  private long broken;
  private String explanation;
  private Verdict.Window window;

  /** Something that the promise is about happened, and was looked at. */
  public void judged(long count) {
    judged += count;
  }

  public void figure(String name, Object value) {
    figures.put(name, value);
  }

  /** Without this there is no judgement. */
  public void missing(String what) {
    missing.add(what);
  }

  /** Asks for the whole log. */
  public boolean whole(CommittedLog log) {
    log.hole().ifPresent(this::missing);
    return log.hole().isEmpty();
  }

  /** The promise was broken; the operations show it. */
  public void broken(String why, Op... ops) {
    StringBuilder text = new StringBuilder(why);
    long from = Long.MAX_VALUE;
    long to = 0;
    for (Op op : ops) {
      text.append('\n').append(OpText.of(op));
      from = Math.min(from, op.time());
      to = Math.max(to, op.time());
    }
    broken(text.toString(), ops.length == 0 ? null : new Verdict.Window(from, to));
  }

  /** The promise was broken in the log; its index says where. */
  public void broken(String why, LoggedEvent... events) {
    StringBuilder text = new StringBuilder(why);
    for (LoggedEvent event : events) {
      text.append('\n').append(OpText.of(event));
    }
    broken(text.toString(), (Verdict.Window) null);
  }

  public void broken(String why, Verdict.Window where) {
    if (broken++ == 0) {
      explanation = why;
      window = where;
    }
  }

  Verdict verdict(String checker) {
    figures.put("judged", judged);
    if (broken > 0) {
      figures.put("broken", broken);
      String more = broken == 1 ? "" : "\nand " + (broken - 1) + " more";
      return new Verdict(checker, Verdict.Status.INVALID, explanation + more, window, figures);
    }
    if (!missing.isEmpty()) {
      return new Verdict(
          checker, Verdict.Status.UNKNOWN, String.join("; ", missing), null, figures);
    }
    return judged == 0
        ? new Verdict(
            checker, Verdict.Status.UNKNOWN, "nothing happened that it is about", null, figures)
        : Verdict.valid(checker, figures);
  }
}
