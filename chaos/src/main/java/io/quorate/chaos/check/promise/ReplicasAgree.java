package io.quorate.chaos.check.promise;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.OpText;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * I8. Whoever stood at an index, at whatever time, had the same hash of the log up to there and the
 * same digest of the state. At the end every master must have been compared with another at some
 * index.
 */
public final class ReplicasAgree extends Promise {
  private record Seen(String master, String chainHash, String stateDigest, String where) {}

  public ReplicasAgree() {
    super("I8 the committed prefix and the state are equal on all replicas");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    Map<Long, Map<String, Seen>> byIndex = new HashMap<>();
    run.samples().stream()
        .filter(sample -> sample.answered() && sample.applied() > 0)
        .forEach(
            sample ->
                see(
                    byIndex,
                    sample.applied(),
                    new Seen(
                        sample.master(),
                        sample.chainHash(),
                        sample.stateDigest(),
                        "at " + OpText.at(sample.time())),
                    findings));
    for (JsonNode node : run.end().path("replicas")) {
      see(
          byIndex,
          node.path("index").longValue(),
          seen(node.path("master").asText(), node),
          findings);
    }
    TreeSet<String> lonely = new TreeSet<>();
    for (Map.Entry<String, JsonNode> property : run.end().path("masters").properties()) {
      lonely.add(property.getKey());
      see(
          byIndex,
          applied(property.getValue()),
          seen(property.getKey(), property.getValue()),
          findings);
    }
    if (lonely.isEmpty()) {
      findings.missing("what the masters were at the end (masters of end.json)");
    }
    for (Map<String, Seen> value : byIndex.values()) {
      if (value.size() > 1) {
        findings.judged(1);
        lonely.removeAll(value.keySet());
      }
    }
    if (!lonely.isEmpty()) {
      findings.missing("an index at which another master and " + lonely + " stood");
    }
  }

  /** As the harness or as {@code /quorate/status} calls it. */
  private static long applied(JsonNode master) {
    return master.path("applied").asLong(master.path("applied_index").longValue());
  }

  private static Seen seen(String master, JsonNode of) {
    return new Seen(
        master, of.path("chain_hash").asText(), of.path("state_digest").asText(), "at the end");
  }

  private static void see(
      Map<Long, Map<String, Seen>> byIndex, long index, Seen now, Findings findings) {
    Map<String, Seen> at = byIndex.computeIfAbsent(index, key -> new HashMap<>());
    for (Seen before : at.values()) {
      boolean equal =
          before.chainHash.equals(now.chainHash) && before.stateDigest.equals(now.stateDigest);
      if (!equal) {
        findings.broken(
            "at index " + index + " there are two histories\n" + before + "\n" + now,
            (Verdict.Window) null);
      }
    }
    at.putIfAbsent(now.master, now);
  }
}
