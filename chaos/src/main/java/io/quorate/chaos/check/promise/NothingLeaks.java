package io.quorate.chaos.check.promise;

import com.fasterxml.jackson.databind.JsonNode;
import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.evidence.ResourceLedger;
import io.quorate.chaos.check.verdict.Findings;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import java.util.HashSet;
import java.util.Set;

/**
 * I16. When all was wound up: no process of a task, no task that is not over, nothing reserved,
 * none of the {@code gone_agents} among the leader's, no more offers than {@code offers_left_max}
 * (usually 0), and no more open streams than {@code streams_left_max} (usually 0), or than the
 * leader's connected frameworks and agents.
 */
public final class NothingLeaks extends Promise {
  public NothingLeaks() {
    super("I16 nothing leaks");
  }

  @Override
  protected void judge(Evidence run, Findings findings) {
    JsonNode end = run.end();
    findings.judged(run.history().calls("launch").size());
    for (String word : new String[] {"processes", "state"}) {
      if (!end.has(word)) {
        findings.missing(word + " of end.json");
      }
    }
    end.path("processes")
        .properties()
        .forEach(
            agent ->
                agent
                    .getValue()
                    .forEach(process -> left("a process on " + agent.getKey(), process, findings)));
    long offers = 0;
    for (JsonNode framework : end.path("state").path("frameworks")) {
      offers += framework.path("offers").size();
      for (JsonNode task : framework.path("tasks")) {
        if (!ResourceLedger.TERMINAL.contains(task.path("state").asText())) {
          left("a task", task, findings);
        }
      }
    }
    bounded("offers", offers, run.option("offers_left_max", 0), findings);
    streams(run, findings);
    Set<String> gone = new HashSet<>();
    end.path("gone_agents").forEach(agent -> gone.add(agent.asText()));
    for (JsonNode agent : end.path("state").path("slaves")) {
      if (gone.contains(agent.path("hostname").asText())) {
        left("an agent that went for good", agent, findings);
      }
      if (!agent.path("reserved_resources").isEmpty()) {
        left(
            "a reservation on " + agent.path("hostname").asText(),
            agent.path("reserved_resources"),
            findings);
      }
    }
  }

  /** Counted by the harness, or by the leader: it has one for each framework and agent it knows. */
  private static void streams(Evidence run, Findings findings) {
    JsonNode metrics = run.end().path("metrics");
    if (run.end().has("open_streams")) {
      double most = run.option("streams_left_max", 0);
      bounded("open streams", run.end().path("open_streams").longValue(), most, findings);
    } else if (metrics.has("quorate/scheduler_streams") && metrics.has("quorate/agent_links")) {
      bounded(
          "schedulers' streams",
          metrics.path("quorate/scheduler_streams").longValue(),
          metrics.path("master/frameworks_connected").asDouble(),
          findings);
      bounded(
          "agents' links",
          metrics.path("quorate/agent_links").longValue(),
          metrics.path("master/slaves_connected").asDouble(),
          findings);
    } else {
      findings.missing("how many streams are open (open_streams or metrics of end.json)");
    }
  }

  private static void left(String what, JsonNode is, Findings findings) {
    findings.broken(what + " is left: " + is, (Verdict.Window) null);
  }

  private static void bounded(String what, long count, double most, Findings findings) {
    if (count > most) {
      findings.broken(count + " " + what + " are left", (Verdict.Window) null);
    }
  }
}
