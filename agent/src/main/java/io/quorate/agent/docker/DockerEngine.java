package io.quorate.agent.docker;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.dockerjava.transport.DockerHttpClient;
import io.quorate.agent.docker.request.ContainerLabels;
import io.quorate.agent.docker.request.CreateRequest;
import io.quorate.agent.docker.request.CreateRequests;
import io.quorate.agent.isolate.ContainerResources;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the agent asks of Docker. Each method waits for the daemon, and throws {@link IOException}
 * with a message for the framework where that says no or nothing. Any thread may use it, but the
 * agent's core.
 */
final class DockerEngine {
  private static final ObjectMapper JSON = new ObjectMapper(new JsonFactory());
  private static final String LOGIN = "X-Registry-Auth";

  private final EngineClient client;

  DockerEngine(EngineClient client) {
    this.client = client;
  }

  private static String container(String name) {
    return "/containers/" + EngineClient.escaped(name);
  }

  // -- Images -----------------------------------------------------------------------------------

  boolean hasImage(String image) throws IOException {
    try {
      client.get("/images/" + image.replace(" ", "%20") + "/json");
      return true;
    } catch (EngineClient.Refusal e) {
      if (e.notFound()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Pulls an image.
   *
   * @param login of its registry, in the form that the Engine API has; a secret
   * @param underway takes what ends the pull, for as long as it goes on
   */
  void pull(
      String image,
      Optional<String> platform,
      Optional<String> login,
      Consumer<Optional<Runnable>> underway)
      throws IOException {
    ImageName name = ImageName.of(image);
    String path =
        "/images/create?fromImage="
            + EngineClient.escaped(name.repository())
            + "&tag="
            + EngineClient.escaped(name.tag())
            + platform.map(text -> "&platform=" + EngineClient.escaped(text)).orElse("");
    Map<String, String> headers = login.map(text -> Map.of(LOGIN, text)).orElseGet(Map::of);
    try (DockerHttpClient.Response response = client.pull(path, headers)) {
      underway.accept(Optional.of(response::close));
      MappingIterator<JsonNode> steps =
          client.awaited(() -> JSON.readerFor(JsonNode.class).readValues(response.getBody()));
      while (client.awaited(steps::hasNextValue)) {
        JsonNode step = steps.nextValue();
        if (step.hasNonNull("error")) {
          throw new IOException(step.get("error").asText());
        }
      }
    } finally {
      underway.accept(Optional.empty());
    }
  }

  // -- Containers -------------------------------------------------------------------------------

  /** Creates a container under a name, and joins it to all of its networks. */
  void create(String name, CreateRequest request) throws IOException {
    client.post(
        "/containers/create?name="
            + EngineClient.escaped(name)
            + request.platform().map(text -> "&platform=" + EngineClient.escaped(text)).orElse(""),
        request.bytes());
    for (String network : request.furtherNetworks()) {
      ObjectNode join = JSON.createObjectNode().put("Container", name);
      join.set("EndpointConfig", request.endpoint());
      client.post("/networks/" + EngineClient.escaped(network) + "/connect", bytes(join));
    }
  }

  private static byte[] bytes(JsonNode body) {
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Starts one that was created; one that runs stays as it is. */
  void start(String name) throws IOException {
    client.post(container(name) + "/start");
  }

  /** What the daemon says of a container; nothing if there is none of that name. */
  Optional<InspectedContainer> inspect(String name) throws IOException {
    try {
      byte[] said = client.bytes(container(name) + "/json");
      return Optional.of(new InspectedContainer(said, JSON.readTree(said)));
    } catch (EngineClient.Refusal e) {
      if (e.notFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** Sends a signal; that nobody is there to get it is no error. */
  void kill(String name, String signal) throws IOException {
    try {
      client.post(container(name) + "/kill?signal=" + EngineClient.escaped(signal));
    } catch (EngineClient.Refusal e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }

  /** Removes a container with its nameless volumes, be it that it runs; again for one that went. */
  void remove(String name) throws IOException {
    try {
      client.delete(container(name) + "?v=true&force=true");
    } catch (EngineClient.Refusal e) {
      if (!e.notFound() && !e.conflict()) {
        throw e;
      }
    }
  }

  /** Changes what a container may use. */
  void update(String name, ContainerResources amounts, boolean quota) throws IOException {
    ObjectNode host = JSON.createObjectNode();
    CreateRequests.amounts(host, amounts, quota);
    if (host.has("Memory")) {
      // As at its creation: what it swaps is bounded by the same figure.
      host.put("MemorySwap", 2 * host.get("Memory").asLong());
    }
    client.post(container(name) + "/update", bytes(host));
  }

  /**
   * One of the containers of an agent.
   *
   * @param container its id as Mesos has it
   * @param running whether it is not over: it runs, is paused, or starts again
   */
  record Listed(String id, String container, boolean running, boolean removed) {}

  /** All containers of an agent, and of no other. */
  List<Listed> list(String agent) throws IOException {
    ObjectNode filters = JSON.createObjectNode();
    filters.putArray("label").add(ContainerLabels.AGENT + "=" + agent);
    JsonNode said =
        client.get("/containers/json?all=true&filters=" + EngineClient.escaped(filters.toString()));
    List<Listed> containers = new ArrayList<>();
    for (JsonNode one : said) {
      JsonNode labels = one.path("Labels");
      if (labels.path(ContainerLabels.AGENT).asText().equals(agent)) {
        containers.add(
            new Listed(
                one.path("Id").asText(),
                labels.path(ContainerLabels.CONTAINER).asText(),
                List.of("running", "paused", "restarting").contains(one.path("State").asText()),
                labels.has(ContainerLabels.REMOVE)));
      }
    }
    return containers;
  }

  // -- Output and commands ----------------------------------------------------------------------

  /**
   * What a container printed and prints, until it ends, each piece with the time it came.
   *
   * @param since seconds and nanoseconds of the epoch; "0" for from the beginning
   */
  DockerHttpClient.Response follow(String name, String since, boolean times) throws IOException {
    return client.stream(
        container(name)
            + "/logs?follow=true&stdout=true&stderr=true&timestamps="
            + times
            + "&since="
            + since);
  }

  /** Prepares a command beside what runs in a container; its id. */
  String prepare(String name, List<String> words, Map<String, String> environment)
      throws IOException {
    ObjectNode body = JSON.createObjectNode();
    words.forEach(body.putArray("Cmd")::add);
    environment.forEach((key, value) -> body.withArray("Env").add(key + "=" + value));
    body.put("AttachStdout", true).put("AttachStderr", true);
    return client.post(container(name) + "/exec", bytes(body)).path("Id").asText();
  }

  /** Runs a command that was prepared; its output, which ends when it does. */
  DockerHttpClient.Response run(String command) throws IOException {
    return client.stream("/exec/" + command + "/start", bytes(JSON.createObjectNode()));
  }

  /**
   * A command that was run.
   *
   * @param pid on the host
   */
  record RanCommand(boolean running, int status, long pid) {}

  RanCommand command(String id) throws IOException {
    JsonNode said = client.get("/exec/" + id + "/json");
    return new RanCommand(
        said.path("Running").asBoolean(),
        said.path("ExitCode").asInt(-1),
        said.path("Pid").asLong());
  }
}
