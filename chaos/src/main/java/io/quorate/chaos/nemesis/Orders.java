package io.quorate.chaos.nemesis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.Node;
import io.quorate.chaos.history.Json;
import io.quorate.chaos.workload.Operator;
import io.quorate.cli.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What an operator orders about agents. */
final class Orders {
  private static final Duration ORDER_MAX = Duration.ofSeconds(60);

  private Orders() {}

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
    Operator operator = new Operator();
    AtomicReference<String> why = new AtomicReference<>("nobody leads");
    boolean done =
        LocalCluster.await(
            ORDER_MAX,
            () -> {
              Optional<Node> leader = cluster.leader();
              if (leader.isEmpty()) {
                return false;
              }
              Operator.Answer answer = operator.order(leader.get().address(), call);
              why.set(answer.why());
              return answer.outcome() == Operator.Outcome.OK;
            });
    if (!done) {
      throw new IOException(call + ": not done: " + why.get());
    }
  }
}
