package io.quorate.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.history.Json;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/**
 * Reserves resources, makes volumes of them, and undoes about half of it, by the operator API. Each
 * reservation has a label of its own, each volume an id.
 */
@Command(name = "reservations")
public final class ReservationsClient extends OperatorClient {
  private static final String ROLE = "reserver";
  private static final int LABELS_MAX = 150;

  private final AtomicInteger lastLabel = new AtomicInteger();
  private volatile JsonNode agents = Json.NULL;

  public static void main(String[] args) {
    System.exit(new CommandLine(new ReservationsClient()).execute(args));
  }

  /** One label through as much of its life as chance gives it. */
  @Override
  void operate(Choice choice) {
    if (agents.isEmpty()) {
      agents = operator.read(choice.master(), "/slaves").body().path("slaves");
    }
    if (agents.isEmpty() || lastLabel.get() >= LABELS_MAX) {
      return;
    }
    String label = name + "-r" + lastLabel.incrementAndGet();
    String agent = agents.get(choice.number() % agents.size()).path("id").asText();
    boolean makesVolume = choice.number() / 8 % 2 == 0;
    boolean undoes = choice.number() / 16 % 2 == 0;
    boolean there =
        done("reserve", label, choice, order("RESERVE_RESOURCES", agent, "resources", cpus(label)));
    if (there && undoes) {
      done(
          "unreserve",
          label,
          choice,
          order("UNRESERVE_RESOURCES", agent, "resources", cpus(label)));
    }
    if (makesVolume) {
      volume(choice, agent, label + "-disk", label + "-volume", undoes);
    }
  }

  private void volume(Choice choice, String agent, String label, String volume, boolean undoes) {
    ObjectNode disk = resource("disk", 1, label);
    if (!done("reserve", label, choice, order("RESERVE_RESOURCES", agent, "resources", disk))) {
      return;
    }
    ObjectNode made = disk.deepCopy();
    ObjectNode info = made.putObject("disk");
    info.putObject("persistence").put("id", volume);
    info.putObject("volume").put("mode", "RW").put("container_path", "data");
    boolean there = done("create", volume, choice, order("CREATE_VOLUMES", agent, "volumes", made));
    if (there && undoes) {
      boolean gone =
          done("destroy", volume, choice, order("DESTROY_VOLUMES", agent, "volumes", made));
      if (gone) {
        done("unreserve", label, choice, order("UNRESERVE_RESOURCES", agent, "resources", disk));
      }
    }
  }

  private boolean done(String f, String key, Choice choice, JsonNode call) {
    ObjectNode value = Json.object();
    long id = recorder.invoke(f, key, value);
    OperatorApi.Answer answer = operator.order(choice.master(), call);
    complete(id, f, key, value, answer);
    return answer.outcome() == OperatorApi.Outcome.OK;
  }

  private static ObjectNode order(String type, String agent, String field, ObjectNode resource) {
    ObjectNode call = Json.object().put("type", type);
    ObjectNode order = call.putObject(type.toLowerCase(java.util.Locale.ROOT));
    order.putObject("agent_id").put("value", agent);
    order.putArray(field).add(resource);
    return call;
  }

  private static ObjectNode cpus(String label) {
    return resource("cpus", 0.01, label);
  }

  private static ObjectNode resource(String what, double amount, String label) {
    ObjectNode resource = Json.object().put("name", what).put("type", "SCALAR");
    resource.putObject("scalar").put("value", amount);
    ObjectNode reservation =
        resource.putArray("reservations").addObject().put("type", "DYNAMIC").put("role", ROLE);
    reservation
        .putObject("labels")
        .putArray("labels")
        .addObject()
        .put("key", "label")
        .put("value", label);
    return resource;
  }
}
