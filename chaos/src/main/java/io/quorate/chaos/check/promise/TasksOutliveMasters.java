package io.quorate.chaos.check.promise;

import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.CallHistory;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.UpdateOp;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.history.Op;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * I10. A task that ran ends as it wants ({@code TASK_FINISHED}), or because its client killed it,
 * or after harm that reached agents. Harm to masters alone excuses no other end. A strike reaches
 * agents if its name or its targets do: {@link CallHistory.Strike#touchesAgents}.
 */
public final class TasksOutliveMasters extends Promise {
  public TasksOutliveMasters() {
    super("I10 no loss of masters kills a task");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Set<String> killed =
        run.history().calls("kill").stream().map(Call::key).collect(Collectors.toSet());
    long harm =
        run.history().strikes().stream()
            .filter(CallHistory.Strike::touchesAgents)
            .mapToLong(CallHistory.Strike::from)
            .min()
            .orElse(Long.MAX_VALUE);
    run.history()
        .updates()
        .forEach(
            (task, told) -> {
              if (run.ran(task)) {
                endsWell(told, killed.contains(task), harm, findings);
              }
            });
  }

  private static void endsWell(List<Op> told, boolean killed, long harm, Findings findings) {
    for (Op op : told) {
      if (UpdateOp.ends(op)) {
        findings.judged(1);
        boolean wanted = UpdateOp.state(op).equals("TASK_FINISHED") || killed;
        if (!wanted && op.time() < harm) {
          findings.broken("a task ended, and nobody had touched it or its agent", op);
        }
      }
    }
  }
}
