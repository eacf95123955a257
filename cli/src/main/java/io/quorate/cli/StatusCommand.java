package io.quorate.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.cluster.HttpReader;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code quorate status}. */
@Command(
    name = "status",
    description = "Shows the quorum, its agents and frameworks. Fails if nobody leads.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {
  @Mixin private MasterOption master;

  @Option(names = "--json", description = "For scripts.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    HttpReader reader = master.reader();
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode all = mapper.createObjectNode();
    ObjectNode members = all.putObject("masters");
    Optional<JsonNode> state = Optional.empty();
    boolean led = false;
    for (String address : master.masters()) {
      Optional<JsonNode> status = reader.get(address, "/quorate/status");
      members.set(address, status.orElse(mapper.nullNode()));
      if (status.isPresent() && (state.isEmpty() || status.get().path("leading").asBoolean())) {
        state = reader.get(address, "/master/state");
      }
      led |= status.map(answer -> answer.path("leading").asBoolean()).orElse(false);
    }
    state.ifPresent(
        view -> {
          all.set("agents", view.path("slaves"));
          all.set("frameworks", view.path("frameworks"));
        });
    if (json) {
      System.out.println(mapper.writeValueAsString(all));
    } else {
      print(all);
    }
    return led ? 0 : 1;
  }

  private static void print(ObjectNode all) {
    System.out.printf(
        "%-22s %-9s %6s %10s %10s %10s%n",
        "MASTER", "ROLE", "TERM", "COMMITTED", "APPLIED", "SNAPSHOT");
    all.path("masters")
        .properties()
        .forEach(
            master -> {
              JsonNode status = master.getValue();
              if (status.isNull()) {
                System.out.printf("%-22s %-9s%n", master.getKey(), "down");
                return;
              }
              System.out.printf(
                  "%-22s %-9s %6d %10d %10d %10d%n",
                  master.getKey(),
                  status.path("leading").asBoolean() ? "leader" : "follower",
                  status.path("term").asLong(),
                  status.path("committed_index").asLong(),
                  status.path("applied_index").asLong(),
                  status.path("snapshot_index").asLong());
            });
    System.out.printf("%n%-44s %-22s %-6s %s%n", "AGENT", "ADDRESS", "ACTIVE", "CPUS USED");
    for (JsonNode agent : all.path("agents")) {
      System.out.printf(
          "%-44s %-22s %-6s %.1f of %.1f%n",
          agent.path("id").asText(),
          agent.path("hostname").asText() + ":" + agent.path("port").asInt(),
          agent.path("active").asBoolean() ? "yes" : "no",
          agent.path("used_resources").path("cpus").asDouble(),
          agent.path("resources").path("cpus").asDouble());
    }
    System.out.printf("%n%-44s %-22s %-9s %s%n", "FRAMEWORK", "NAME", "CONNECTED", "TASKS");
    for (JsonNode framework : all.path("frameworks")) {
      System.out.printf(
          "%-44s %-22s %-9s %d%n",
          framework.path("id").asText(),
          framework.path("name").asText(),
          framework.path("connected").asBoolean() ? "yes" : "no",
          framework.path("tasks").size());
    }
  }
}
