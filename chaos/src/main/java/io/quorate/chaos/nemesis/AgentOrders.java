package io.quorate.chaos.nemesis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.workload.OperatorApi;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What an operator orders about agents. */
final class AgentOrders {
  private static final Duration ORDER_MAX = Duration.ofSeconds(60);

  private AgentOrders() {}

  /** It never comes back: its tasks are over for their frameworks. */
  static void markGone(ChaosCluster cluster, String agentId) throws IOException {
    send(cluster, about("MARK_AGENT_GONE", "mark_agent_gone", agentId));
  }

  static ObjectNode about(String type, String field, String agent) {
    ObjectNode call = Json.object().put("type", type);
    call.putObject(field).putObject("agent_id").put("value", agent);
    return call;
  }

  /** Again until it is done: who leads may change meanwhile. */
  static void send(ChaosCluster cluster, ObjectNode call) throws IOException {
    OperatorApi operator = new OperatorApi();
    AtomicReference<String> why = new AtomicReference<>("nobody leads");
    boolean done =
        LocalCluster.await(
            ORDER_MAX,
            () -> {
              Optional<ClusterNode> leader = cluster.leader();
              if (leader.isEmpty()) {
                return false;
              }
              OperatorApi.Answer answer = operator.order(leader.get().address(), call);
              why.set(answer.why());
              return answer.outcome() == OperatorApi.Outcome.OK;
            });
    if (!done) {
      throw new IOException(call + ": not done: " + why.get());
    }
  }
}
