package io.quorate.chaos.bench;

import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Many open subscriptions in one master: what each costs, and whether all are served. */
public final class OpenStreamsBench {
  private static final int OPENING_MAX = 200;

  private final String host;
  private final int port;
  private final List<Client> clients = new ArrayList<>();
  private final Selector selector = Selector.open();

  /**
   * What was measured.
   *
   * @param subscribed streams that got SUBSCRIBED
   * @param heartbeats streams that got a heartbeat after the first, within 20 s of all being open
   * @param kib resident memory of the master for each, in KiB
   * @param threadsBefore of the master
   * @param threadsAfter of the master, with all streams open
   */
  public record Result(
      int subscribed,
      int heartbeats,
      double openSeconds,
      double kib,
      long threadsBefore,
      long threadsAfter) {

    /** Threads that the streams cost. */
    public long threads() {
      return threadsAfter - threadsBefore;
    }
  }

  /** One connection. */
  private static final class Client {
    private int heartbeats;
    private boolean subscribed;
    private boolean counted;
    private String tail = "";
  }

  private OpenStreamsBench(String master) throws IOException {
    this.host = master.split(":")[0];
    this.port = Integer.parseInt(master.split(":")[1]);
  }

  static void run(Path directory, int count) throws Exception {
    Result result = measure(directory, count);
    System.out.printf(
        "%d subscriptions in one master: %d subscribed in %.1f s, %d with heartbeats on time, %.1f"
            + " KiB each, %d threads before and %d after%n",
        count,
        result.subscribed(),
        result.openSeconds(),
        result.heartbeats(),
        result.kib(),
        result.threadsBefore(),
        result.threadsAfter());
  }

  /** Starts one master and opens so many subscriptions. */
  public static Result measure(Path directory, int count) throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(new LocalCluster.Plan(directory, 1, 0, 0, "cpus:1;mem:32", false))) {
      LocalCluster.await(Duration.ofSeconds(60), () -> cluster.leader().isPresent());
      long pid = cluster.pids().get(0);
      long before = status(pid, "VmRSS");
      long threads = status(pid, "Threads");
      OpenStreamsBench streams = new OpenStreamsBench(cluster.masters().get(0));
      double seconds = streams.open(count, Duration.ofSeconds(180));
      streams.clients.forEach(client -> client.heartbeats = 0);
      streams.turn(Duration.ofSeconds(20), count);
      int alive = 0;
      int subscribed = 0;
      for (Client client : streams.clients) {
        alive += client.heartbeats > 0 ? 1 : 0;
        subscribed += client.subscribed ? 1 : 0;
      }
      double kib = (status(pid, "VmRSS") - before) / (double) count;
      return new Result(subscribed, alive, seconds, kib, threads, status(pid, "Threads"));
    }
  }

  private static long status(long pid, String field) throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/status"))) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException("no " + field + " of process " + pid);
  }

  /** Seconds until all are subscribed, or the time is over. */
  private double open(int count, Duration atMost) throws IOException {
    long began = System.nanoTime();
    int open = 0;
    while (open < count && System.nanoTime() - began < atMost.toNanos()) {
      while (clients.size() < count && clients.size() - open < OPENING_MAX) {
        connect();
      }
      select(100);
      open = (int) clients.stream().filter(client -> client.subscribed).count();
    }
    return (System.nanoTime() - began) / 1e9;
  }

  private void turn(Duration time, int count) throws IOException {
    long began = System.nanoTime();
    while (System.nanoTime() - began < time.toNanos()) {
      select(100);
      if (clients.stream().filter(client -> client.heartbeats > 0).count() == count) {
        return;
      }
    }
  }

  private void connect() throws IOException {
    SocketChannel channel = SocketChannel.open(new InetSocketAddress(host, port));
    String body =
        "{\"type\":\"SUBSCRIBE\",\"subscribe\":{\"framework_info\":{\"user\":\"u\",\"name\":\"n"
            + clients.size()
            + "\",\"failover_timeout\":60}}}";
    String request =
        "POST /api/v1/scheduler HTTP/1.1\r\nHost: m\r\nContent-Type: application/json\r\n"
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body;
    channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.UTF_8)));
    channel.configureBlocking(false);
    Client client = new Client();
    clients.add(client);
    channel.register(selector, SelectionKey.OP_READ, client);
  }

  private void select(long millis) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(8192);
    selector.select(
        key -> {
          Client client = (Client) key.attachment();
          try {
            chunk.clear();
            int read = ((SocketChannel) key.channel()).read(chunk);
            if (read < 0) {
              key.cancel();
              client.subscribed = false;
              return;
            }
            String text =
                client.tail
                    + new String(chunk.array(), 0, Math.max(read, 0), StandardCharsets.UTF_8);
            client.subscribed |= text.contains("\"SUBSCRIBED\"");
            client.counted = text.contains("\"HEARTBEAT\"");
            client.heartbeats += client.counted ? 1 : 0;
            client.tail = client.counted ? "" : text.substring(Math.max(0, text.length() - 64));
          } catch (IOException e) {
            key.cancel();
            client.subscribed = false;
          }
        },
        millis);
  }
}
