package io.quorate.chaos.check.promise;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeType;
import io.quorate.chaos.check.evidence.Call;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.ModelCall;
import io.quorate.chaos.check.model.HistoryShrinker;
import io.quorate.chaos.check.model.Linearizability;
import io.quorate.chaos.check.model.Register;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.Json;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * I11. Every label is a register: {@code reserve} and {@code create} make it be there, {@code
 * unreserve} and {@code destroy} make it go, and whether its text is anywhere in the agents of the
 * final state is a last read. So what was acknowledged last is there, through whatever happened to
 * the masters. (A quota is a register of the register workload.)
 */
public final class ReservationsLast extends Promise {
  private static final Register ABSENT = new Register(BooleanNode.FALSE);

  public ReservationsLast() {
    super("I11 reservations and volumes survive");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    JsonNode agents = run.end().path("state").path("slaves");
    if (!agents.isArray()) {
      findings.missing("the final state's agents (state of end.json)");
      return;
    }
    Set<String> present = new HashSet<>();
    texts(agents, present);
    Map<String, List<ModelCall>> byLabel = new TreeMap<>();
    for (Call call : run.history().calls("reserve", "unreserve", "create", "destroy")) {
      if (!call.failed()) {
        boolean there = call.f().equals("reserve") || call.f().equals("create");
        byLabel
            .computeIfAbsent(call.key(), key -> new ArrayList<>())
            .add(
                new ModelCall(
                    call.process(),
                    call.f(),
                    BooleanNode.valueOf(there),
                    Json.NULL,
                    call.called(),
                    call.ok() ? call.done().time() : ModelCall.OPEN));
      }
    }
    long end = run.history().end() + 1;
    byLabel.forEach(
        (label, history) -> judge(label, history, present.contains(label), end, findings));
  }

  private static void judge(
      String label, List<ModelCall> history, boolean present, long end, Findings findings) {
    if (history.stream().allMatch(ModelCall::open)) {
      return;
    }
    findings.judged(1);
    history.add(
        new ModelCall("the end", "read", Json.NULL, BooleanNode.valueOf(present), end, end));
    Linearizability.Result result =
        Linearizability.check(ABSENT, history, Linearizability.Budget.USUAL);
    if (result.status() == Verdict.Status.UNKNOWN) {
      findings.missing("an order of what was done to " + label);
    } else if (result.status() == Verdict.Status.INVALID) {
      findings.broken(
          label
              + (present ? " is there" : " is not there")
              + " at the end\n"
              + HistoryShrinker.smallest(ABSENT, history).stream()
                  .map(ModelCall::toString)
                  .collect(Collectors.joining("\n")),
          new Verdict.Window(history.get(0).called(), end));
    }
  }

  private static void texts(JsonNode in, Set<String> texts) {
    if (in.getNodeType() == JsonNodeType.STRING) {
      texts.add(in.asText());
    }
    in.forEach(item -> texts(item, texts));
  }
}
