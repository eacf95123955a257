package io.quorate.chaos.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.history.Json;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Adds elements to a set and reads it: an element is a role with a quota. Each is added once. */
@Command(name = "set")
public final class SetClient extends OperatorClient {
  private static final String SET = "quotas";
  private static final String PREFIX = "element";
  private static final int ELEMENTS_MAX = 2_000;

  private final AtomicInteger lastElement = new AtomicInteger();

  public static void main(String[] args) {
    System.exit(new CommandLine(new SetClient()).execute(args));
  }

  @Override
  void operate(Choice choice) {
    if (choice.number() % 2 == 0 && lastElement.get() < ELEMENTS_MAX) {
      add(choice.master());
    } else {
      read(choice.master());
    }
  }

  private void add(String master) {
    int element = number * 1_000_000 + lastElement.incrementAndGet();
    ObjectNode call = Json.object().put("type", "UPDATE_QUOTA");
    ObjectNode quota = call.putObject("update_quota");
    quota.put("force", true);
    ObjectNode config = quota.putArray("quota_configs").addObject().put("role", PREFIX + element);
    config.putObject("limits").putObject("cpus").put("value", 1);
    JsonNode value = Json.MAPPER.getNodeFactory().numberNode(element);
    long id = recorder.invoke("add", SET, value);
    complete(id, "add", SET, value, operator.order(master, call));
  }

  private void read(String master) {
    long id = recorder.invoke("read", SET, Json.NULL);
    OperatorApi.Answer answer = operator.read(master, "/quota");
    ArrayNode elements = Json.MAPPER.createArrayNode();
    for (JsonNode node : answer.body().path("configs")) {
      String role = node.path("role").asText();
      if (role.startsWith(PREFIX)) {
        elements.add(Integer.parseInt(role.substring(PREFIX.length())));
      }
    }
    complete(id, "read", SET, elements, answer);
  }
}
