package io.quorate.chaos.bench;

import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Three members of etcd on loopback, written to by its HTTP gateway with the client that Quorate
 * gets.
 */
final class EtcdSubject implements Subject {
  private static final String VALUE =
      Base64.getEncoder().encodeToString("v".repeat(64).getBytes(StandardCharsets.UTF_8));

  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofMillis(500))
          .build();
  private final List<String> clients = new ArrayList<>();
  private final List<List<String>> commands = new ArrayList<>();
  private final List<Process> members = new ArrayList<>();
  private final Duration timeout;
  private volatile int target;
  private int killed = -1;

  /**
   * @param timeout of each try; a member without a leader would hold a write back for 7 s
   */
  EtcdSubject(Path directory, Duration timeout) throws IOException {
    this.timeout = timeout;
    Files.createDirectories(directory);
    List<Integer> ports = LocalCluster.freePorts(6);
    List<String> peers = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      clients.add("127.0.0.1:" + ports.get(i));
      peers.add("m" + i + "=http://127.0.0.1:" + ports.get(3 + i));
    }
    for (int i = 0; i < 3; i++) {
      String client = "http://" + clients.get(i);
      String peer = peers.get(i).substring(3);
      commands.add(
          List.of(
              "etcd",
              "--name",
              "m" + i,
              "--data-dir",
              directory.resolve("m" + i).toString(),
              "--listen-client-urls",
              client,
              "--advertise-client-urls",
              client,
              "--listen-peer-urls",
              peer,
              "--initial-advertise-peer-urls",
              peer,
              "--initial-cluster",
              String.join(",", peers),
              "--log-level",
              "error"));
      members.add(start(i));
    }
    awaitAll();
  }

  private Process start(int i) throws IOException {
    return new ProcessBuilder(commands.get(i))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start();
  }

  private void awaitAll() throws IOException {
    for (String client : clients) {
      if (!LocalCluster.await(Duration.ofSeconds(60), () -> put(client).join())) {
        throw new IOException("etcd does not serve at " + client);
      }
    }
  }

  @Override
  public String name() {
    return "etcd";
  }

  @Override
  public CompletableFuture<Boolean> write() {
    int member = target;
    return put(clients.get(member))
        .thenApply(
            committed -> {
              if (!committed && member == target) {
                target = (member + 1) % clients.size();
              }
              return committed;
            });
  }

  private CompletableFuture<Boolean> put(String client) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + client + "/v3/kv/put"))
            .timeout(timeout)
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"key\":\"a2V5\",\"value\":\"" + VALUE + "\"}"))
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> response.statusCode() == 200)
        .exceptionally(failure -> false);
  }

  private Optional<Integer> leader() {
    for (int i = 0; i < clients.size(); i++) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://" + clients.get(i) + "/v3/maintenance/status"))
              .timeout(timeout)
              .POST(HttpRequest.BodyPublishers.ofString("{}"))
              .build();
      try {
        String body = http.send(request, HttpResponse.BodyHandlers.ofString()).body();
        String member = field(body, "member_id");
        if (!member.isEmpty() && member.equals(field(body, "leader"))) {
          return Optional.of(i);
        }
      } catch (IOException e) {
        continue;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return Optional.empty();
  }

  private static String field(String json, String name) {
    int at = json.indexOf("\"" + name + "\":\"");
    if (at < 0) {
      return "";
    }
    int start = at + name.length() + 4;
    return json.substring(start, json.indexOf('"', start));
  }

  @Override
  public void killLeader() {
    killed = leader().orElseThrow();
    members.get(killed).destroyForcibly().onExit().join();
  }

  @Override
  public void heal() throws IOException {
    members.set(killed, start(killed));
    awaitAll();
  }

  @Override
  public void close() {
    members.forEach(Process::destroyForcibly);
  }
}
