package io.quorate.chaos.replay;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quorate.cluster.HttpReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Sends requests as they were recorded, with the ids of this cluster in place of the recorded ones,
 * and says what differs. Updates are acknowledged as they come, but for tasks that are held.
 */
final class Player implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final HttpReader reader = new HttpReader();
  private final String address;
  private final String leader;
  private final String prefix;
  private final Map<String, String> differences = new LinkedHashMap<>();
  private final Deque<EventStream> streams = new ConcurrentLinkedDeque<>();
  private final Deque<String> offers = new ArrayDeque<>();
  private final Set<String> held = ConcurrentHashMap.newKeySet();
  private final Set<String> acknowledged = new HashSet<>();
  private volatile String framework = "";
  private volatile String agent = "";
  private volatile String uuid = "";
  private String spent = "";

  /**
   * @param address that requests go to
   * @param prefix before every path, such as {@code /master}, or empty
   * @param leader that redirects are to point at
   */
  Player(String address, String prefix, String leader) {
    this.address = address;
    this.prefix = prefix;
    this.leader = leader;
  }

  /** What differed so far, by exchange and aspect. */
  Map<String, String> differences() {
    return differences;
  }

  void play(Exchange exchange) throws IOException, InterruptedException {
    for (String directive : exchange.directives()) {
      direct(directive);
    }
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + address + prefix + fill(exchange.path())))
            .timeout(PATIENCE)
            .method(
                exchange.method(),
                exchange
                    .body()
                    .map(body -> BodyPublishers.ofByteArray(fill(body)))
                    .orElse(BodyPublishers.noBody()));
    for (Map.Entry<String, String> entry : exchange.headers().entrySet()) {
      request.header(entry.getKey(), fill(entry.getValue()));
    }
    HttpResponse<InputStream> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    answered(exchange, response);
  }

  /**
   * {@code close} breaks the current stream; {@code disconnected} and {@code removed} wait until
   * the master's state says so of its framework; {@code hold t} leaves a task's updates alone.
   */
  private void direct(String directive) throws IOException {
    switch (directive) {
      case "close" -> streams.peek().close();
      case "disconnected" ->
          await("the framework is disconnected")
              .atMost(PATIENCE)
              .until(() -> listed("frameworks", "connected", false));
      case "removed" ->
          await("the framework is removed")
              .atMost(PATIENCE)
              .until(() -> listed("completed_frameworks", "active", false));
      default -> {
        if (!directive.startsWith("hold ")) {
          throw new IllegalArgumentException("unknown directive: " + directive);
        }
        held.add(directive.substring(5));
      }
    }
  }

  private boolean listed(String list, String field, boolean value) {
    for (JsonNode node :
        reader.get(address, "/state").map(state -> state.path(list)).orElse(JSON.nullNode())) {
      if (node.path("id").asText().equals(framework)) {
        return node.path(field).asBoolean() == value;
      }
    }
    return false;
  }

  private byte[] fill(byte[] body) {
    String text = new String(body, StandardCharsets.ISO_8859_1);
    return text.contains("$") ? fill(text).getBytes(StandardCharsets.ISO_8859_1) : body;
  }

  private String fill(String text) {
    String filled = text;
    if (filled.contains("$offer")) {
      await("an offer").atMost(PATIENCE).until(() -> !offers().isEmpty());
      synchronized (this) {
        spent = offers.removeLast();
      }
      filled = filled.replace("$offer", spent);
    }
    if (filled.contains("$agent") && agent.isEmpty()) {
      agent = reader.get(address, "/state").orElseThrow().at("/slaves/0/id").asText();
    }
    return filled
        .replace("$spent", spent)
        .replace("$framework", framework)
        .replace("$agent", agent)
        .replace("$uuid", uuid)
        .replace("$user", System.getProperty("user.name"))
        .replace("$stream", streams.isEmpty() ? "" : streams.peek().id)
        .replace("$old", streams.size() < 2 ? "" : streams.toArray(EventStream[]::new)[1].id);
  }

  private synchronized Deque<String> offers() {
    return new ArrayDeque<>(offers);
  }

  private void answered(Exchange exchange, HttpResponse<InputStream> response)
      throws IOException, InterruptedException {
    if (response.statusCode() != exchange.status()) {
      String body = new String(response.body().readNBytes(300), StandardCharsets.UTF_8);
      response.body().close();
      differs(
          exchange,
          "status",
          "expected " + exchange.status() + ", was " + response.statusCode() + " " + body);
      return;
    }
    for (Map.Entry<String, String> entry : exchange.expectedHeaders().entrySet()) {
      String expected = entry.getValue().replace("$leader", leader);
      Optional<String> actual = response.headers().firstValue(entry.getKey());
      boolean same =
          expected.equals("-")
              ? actual.isEmpty()
              : actual.isPresent() && Shape.matches(expected, actual.get());
      if (!same) {
        differs(exchange, "header " + entry.getKey(), "expected " + expected + ", was " + actual);
      }
    }
    if (exchange.expectedHeaders().containsKey("Mesos-Stream-Id")) {
      opened(response);
      String id = streams.peek().id;
      if (streams.stream().filter(stream -> stream.id.equals(id)).count() > 1) {
        differs(exchange, "header Mesos-Stream-Id", "given before: " + id);
      }
    } else {
      body(exchange, response);
    }
    if (!exchange.events().isEmpty()) {
      for (int i = 0; i < exchange.events().size(); i++) {
        event(exchange, streams.peek(), exchange.events().get(i), "event " + (i + 1));
      }
    }
    for (int i = 0; i < exchange.oldEvents().size(); i++) {
      EventStream old = streams.toArray(EventStream[]::new)[1];
      event(exchange, old, exchange.oldEvents().get(i), "old event " + (i + 1));
    }
  }

  private void body(Exchange exchange, HttpResponse<InputStream> response) throws IOException {
    String actual = new String(response.body().readAllBytes(), StandardCharsets.UTF_8);
    String expected = exchange.expectedBody().orElse("");
    if (expected.startsWith("{") || expected.startsWith("[")) {
      compare(exchange, "", JSON.readTree(expected), JSON.readTree(actual));
    } else if (!Shape.matches(expected, actual.strip())) {
      differs(exchange, "text", "expected " + expected + ", was " + actual);
    }
  }

  private void opened(HttpResponse<InputStream> response) {
    synchronized (this) {
      offers.clear();
    }
    boolean protobuf =
        response
            .headers()
            .firstValue("Content-Type")
            .filter(candidate -> candidate.equals("application/x-protobuf"))
            .isPresent();
    streams.push(
        new EventStream(
            response.headers().firstValue("Mesos-Stream-Id").orElse(""),
            response.body(),
            protobuf,
            this::came));
  }

  /** On the thread of the stream. */
  private void came(String stream, JsonNode event) {
    switch (event.path("type").asText()) {
      case "SUBSCRIBED" -> framework = event.at("/subscribed/framework_id/value").asText();
      case "OFFERS" -> {
        synchronized (this) {
          for (JsonNode offer : event.at("/offers/offers")) {
            agent = offer.at("/agent_id/value").asText();
            offers.add(offer.at("/id/value").asText());
          }
        }
      }
      case "RESCIND" -> {
        synchronized (this) {
          offers.remove(event.at("/rescind/offer_id/value").asText());
        }
      }
      case "UPDATE" -> updated(stream, event.at("/update/status"));
      default -> {}
    }
  }

  private void updated(String stream, JsonNode status) {
    if (!status.has("uuid")) {
      return;
    }
    String task = status.at("/task_id/value").asText();
    if (held.contains(task)) {
      uuid = status.get("uuid").asText();
    } else if (acknowledged.add(status.get("uuid").asText())) {
      String call =
          """
          {"type": "ACKNOWLEDGE", "framework_id": {"value": "%s"}, "acknowledge": {
            "agent_id": {"value": "%s"}, "task_id": {"value": "%s"}, "uuid": "%s"}}
          """
              .formatted(
                  framework,
                  status.at("/agent_id/value").asText(),
                  task,
                  status.get("uuid").asText());
      var unused =
          http.sendAsync(
              HttpRequest.newBuilder(URI.create("http://" + address + "/api/v1/scheduler"))
                  .header("Content-Type", "application/json")
                  .header("Mesos-Stream-Id", stream)
                  .POST(BodyPublishers.ofString(call))
                  .build(),
              HttpResponse.BodyHandlers.discarding());
    }
  }

  private void event(Exchange exchange, EventStream stream, String expected, String where)
      throws IOException, InterruptedException {
    if (expected.equals("(end)")) {
      if (!stream.awaitEnd(PATIENCE.toMillis())) {
        differs(exchange, where + " end", "the stream went on");
      }
      return;
    }
    JsonNode pattern = JSON.readTree(expected);
    Optional<JsonNode> event =
        stream.next(
            pattern.path("type").asText(), EventStream.taskOf(pattern), PATIENCE.toMillis());
    if (event.isEmpty()) {
      differs(exchange, where, "missing: " + expected);
    } else {
      compare(exchange, where + " ", pattern, event.get());
      // The v1 API says agent throughout, but for the path that agents serve.
      String text = event.get().toString();
      if (text.contains("slave_id") || text.contains("_SLAVE")) {
        differs(exchange, where + " slave", text);
      }
    }
  }

  private void compare(Exchange exchange, String where, JsonNode expected, JsonNode actual) {
    Shape.differences(expected, actual)
        .forEach((path, what) -> differs(exchange, where + path, what));
  }

  private void differs(Exchange exchange, String aspect, String what) {
    differences.put(exchange.name() + " | " + aspect, what);
  }

  @Override
  public void close() throws IOException {
    for (EventStream eventStream : streams) {
      eventStream.close();
    }
  }
}
