package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.CommittedLog;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.LoggedEvent;
import io.quorate.chaos.check.evidence.ResourceLedger;
import io.quorate.chaos.check.evidence.UpdateOp;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.history.Op;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * I7. The log says at which indexes a framework's RECONCILE was answered ({@code
 * tasks_reconciled}); our own replay says what was true of each task there. Every answer that a
 * client got must be true at one of these indexes: at the one that it names, where the client noted
 * it ({@code index}), and not before one that the same client had been told of. What a client is
 * told comes in the order of the log, and an index is committed before anything of it is told: so
 * that is the lower end of the call's window. Its upper end is proven only by a named index; else
 * an answer from too late an index is not found.
 *
 * <p>And every task that was asked for by name, or for an implicit call every task that its client
 * knew to run all the while, is answered within {@link #ANSWER_SECONDS} if the stream lived so long
 * and no strike fell into that time.
 */
public final class ReconciliationIsTrue extends Promise {
  static final long ANSWER_SECONDS = 30;

  private static final Set<String> NOT_KNOWN =
      Set.of("TASK_UNKNOWN", "TASK_GONE", "TASK_GONE_BY_OPERATOR", "TASK_UNREACHABLE", "TASK_LOST");
  private static final Set<String> ENDS_A_STREAM = Set.of("disconnected", "subscribed", "error");
  private static final Set<String> GIVEN_UP = Set.of("TASK_UNREACHABLE", "TASK_LOST");

  /** What may be answered of each task at an index. */
  private record Truth(long index, String framework, Map<String, Set<String>> states) {
    private boolean says(String task, String state) {
      return states.getOrDefault(task, Set.of()).contains(state);
    }
  }

  public ReconciliationIsTrue() {
    super("I7 reconciliation equals the log at an index within the call");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    run.history().calls("reconcile").stream()
        .filter(Call::ok)
        .forEach(call -> isAnswered(run, call, findings));
    if (!findings.whole(run.log())) {
      return;
    }
    Map<String, Long> indexOf = new HashMap<>();
    List<Truth> truths = truths(run.log(), indexOf);
    for (String client : run.history().clients()) {
      String framework = run.history().frameworkOf(client);
      List<Truth> own = truths.stream().filter(truth -> truth.framework.equals(framework)).toList();
      answersAreTrue(run.history().eventsOf(client), own, indexOf, findings);
    }
  }

  private static List<Truth> truths(CommittedLog log, Map<String, Long> indexOf) {
    List<Truth> truths = new ArrayList<>();
    ResourceLedger ledger = new ResourceLedger();
    for (LoggedEvent event : log.events()) {
      ledger.apply(event);
      if (event.is("tasks_reconciled")) {
        truths.add(truth(event, ledger));
      } else if (event.is("task_status_updated") && !event.uuid().isEmpty()) {
        indexOf.putIfAbsent(event.uuid(), event.index());
      } else if (event.is("offer_extended")) {
        indexOf.putIfAbsent(event.text("offer_id"), event.index());
      }
    }
    return truths;
  }

  private static Truth truth(LoggedEvent reconciled, ResourceLedger ledger) {
    String framework = reconciled.text("framework_id");
    Map<String, Set<String>> states = new TreeMap<>();
    reconciled
        .event()
        .path("tasks")
        .forEach(
            asked -> {
              String task = asked.path("task_id").asText();
              states.put(task, states(ledger.tasks().get(ResourceLedger.key(framework, task))));
            });
    if (states.isEmpty()) {
      String prefix = ResourceLedger.key(framework, "");
      ledger
          .tasks()
          .forEach(
              (key, task) -> {
                if (key.startsWith(prefix) && !task.unreachable) {
                  states.put(key.substring(prefix.length()), states(task));
                }
              });
    }
    return new Truth(reconciled.index(), framework, states);
  }

  private static Set<String> states(ResourceLedger.Task task) {
    if (task == null) {
      return NOT_KNOWN;
    }
    return task.unreachable ? GIVEN_UP : Set.of(task.forwarded);
  }

  private static void answersAreTrue(
      List<Op> events, List<Truth> truths, Map<String, Long> indexOf, Findings findings) {
    long from = 0;
    for (Op event : events) {
      if (event.f().equals("update") && UpdateOp.answersReconcile(event)) {
        findings.judged(1);
        long earliest = from;
        Optional<Truth> at =
            truths.stream()
                .filter(truth -> truth.index >= earliest)
                .filter(truth -> UpdateOp.index(event) == 0 || UpdateOp.index(event) == truth.index)
                .filter(truth -> truth.says(event.key(), UpdateOp.state(event)))
                .findFirst();
        if (at.isEmpty()) {
          findings.broken(
              "no RECONCILE from index " + from + " on could be answered so" + was(truths, event),
              event);
        }
        from = at.map(Truth::index).orElse(from);
      } else if (event.f().equals("offer") || event.f().equals("update")) {
        String what = event.f().equals("offer") ? event.key() : UpdateOp.uuid(event);
        // An update may be told again long after: its first index is a safe one.
        from = Math.max(from, indexOf.getOrDefault(what, 0L));
      }
    }
  }

  private static String was(List<Truth> truths, Op answer) {
    StringBuilder was = new StringBuilder();
    for (Truth truth : truths) {
      Set<String> states = truth.states.get(answer.key());
      if (states != null) {
        was.append("\nat index ").append(truth.index).append(" it was ").append(states);
      }
    }
    return was.toString();
  }

  private static void isAnswered(Evidence run, Call call, Findings findings) {
    long until = call.returned() + ANSWER_SECONDS * 1_000_000_000L;
    List<Op> told = run.history().eventsOf(call.process());
    List<Op> window =
        told.stream()
            .filter(event -> event.time() >= call.called() && event.time() <= until)
            .toList();
    boolean lived =
        run.history().end() >= until
            && !run.history().struck(call.called(), until)
            && window.stream().noneMatch(event -> ENDS_A_STREAM.contains(event.f()));
    if (!lived) {
      return;
    }
    Set<String> answered = new HashSet<>();
    window.stream()
        .filter(UpdateOp::answersReconcile)
        .forEach(update -> answered.add(update.key()));
    List<String> asked = new ArrayList<>();
    call.input().path("tasks").forEach(task -> asked.add(task.asText()));
    for (String task : asked.isEmpty() ? knownToRun(told, call.called(), until) : asked) {
      findings.judged(1);
      if (!answered.contains(task)) {
        findings.broken(
            task + " was not answered within " + ANSWER_SECONDS + " s", call.invoke(), call.done());
      }
    }
  }

  private static List<String> knownToRun(List<Op> events, long called, long until) {
    Map<String, String> states = new TreeMap<>();
    Set<String> moved = new HashSet<>();
    for (Op event : events) {
      if (event.f().equals("update") && !UpdateOp.answersReconcile(event)) {
        if (event.time() < called) {
          states.put(event.key(), UpdateOp.state(event));
        } else if (event.time() <= until) {
          moved.add(event.key());
        }
      }
    }
    states.values().removeIf(state -> !state.equals("TASK_RUNNING"));
    states.keySet().removeAll(moved);
    return List.copyOf(states.keySet());
  }
}
