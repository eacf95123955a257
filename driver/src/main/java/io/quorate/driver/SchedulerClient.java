package io.quorate.driver;

import io.quorate.protocol.auth.BasicCredential;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A client of the v1 scheduler API (protobuf). It takes several masters, follows redirects to the
 * leader, and subscribes again with the same framework id when the stream breaks or falls silent;
 * the first attempts come within tens of milliseconds, since a new leader knows everything at once.
 *
 * <p>Calls may be made from any thread. A call whose outcome is {@link Outcome.Unknown} may be
 * repeated: the master recognises an ACCEPT that it did already.
 */
public final class SchedulerClient implements AutoCloseable {
  private static final String PATH = "/api/v1/scheduler";
  private static final String PROTOBUF = "application/x-protobuf";
  private static final int RECORD_BYTES_MAX = 64 << 20;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final int HEARTBEATS_MISSED_MAX = 5;
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final long BACKOFF_MILLIS_MIN = 20;
  private static final long BACKOFF_MILLIS_MAX = 2_000;

  private final List<String> masters;
  private final SchedulerListener listener;
  private final HttpClient http =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .connectTimeout(Duration.ofSeconds(2))
          .followRedirects(HttpClient.Redirect.NEVER)
          .build();
  private final ExecutorService events =
      Executors.newSingleThreadExecutor(task -> thread(task, "scheduler-events"));
  private final Thread subscriber = thread(this::subscribeForEver, "scheduler-stream");
  private final Backoff backoff =
      new Backoff(BACKOFF_MILLIS_MIN, BACKOFF_MILLIS_MAX, RandomGenerator.getDefault());

  private volatile FrameworkInfo info;
  private volatile Optional<String> leader = Optional.empty();
  private volatile String streamId = "";
  private volatile InputStream stream;
  private volatile long heardNanos;
  private volatile double heartbeatSeconds = 15;
  private volatile boolean closed;
  private volatile long lastIndex;
  private volatile boolean resumes;
  private volatile Optional<String> authorization = Optional.empty();

  /**
   * @param masters {@code host:port}, at least one; any of them leads to the leader
   * @param info the framework; with an id to take over from an earlier instance
   */
  public SchedulerClient(List<String> masters, FrameworkInfo info, SchedulerListener listener) {
    if (masters.isEmpty()) {
      throw new IllegalArgumentException("masters: at least one host:port is needed");
    }
    this.masters = List.copyOf(masters);
    this.info = info;
    this.listener = listener;
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * From here on each subscription asks for exactly the events since the last one handled, in place
   * of all that is unacknowledged. Before {@link #start}. Mesos masters pass over it.
   *
   * @param index the {@link #lastIndex} of an earlier instance; 0 for none
   */
  public SchedulerClient resumeAfter(long index) {
    resumes = true;
    lastIndex = index;
    return this;
  }

  /**
   * Logs in by HTTP Basic, for masters that ask for it. Before {@link #start}. The secret goes to
   * every master that is asked and to the leader that they name.
   */
  public SchedulerClient authenticateAs(BasicCredential credential) {
    authorization = Optional.of(credential.authorization());
    return this;
  }

  /** Up to which index of the log all events were handed to the listener; 0 before the first. */
  public long lastIndex() {
    return lastIndex;
  }

  /** Subscribes, and stays subscribed until {@link #close}. */
  public void start() {
    subscriber.start();
    thread(this::watchHeartbeats, "scheduler-watch").start();
  }

  /** The framework's id; empty before the first subscription. */
  public Optional<FrameworkID> frameworkId() {
    return info.hasId() ? Optional.of(info.getId()) : Optional.empty();
  }

  /** The master that the stream is open to. */
  public Optional<String> leader() {
    return streamId.isEmpty() ? Optional.empty() : leader;
  }

  // -- The stream -------------------------------------------------------------------------------

  private void subscribeForEver() {
    int next = 0;
    while (!closed) {
      String master = leader.orElse(masters.get(next++ % masters.size()));
      try {
        if (subscribe(master)) {
          continue;
        }
      } catch (IOException e) {
        leader = Optional.empty();
        lost(master + ": " + e.getMessage());
      } catch (InterruptedException e) {
        return;
      }
      pause(backoff.next());
    }
  }

  /** Reads one stream to its end. True if another master is to be asked at once. */
  private boolean subscribe(String master) throws IOException, InterruptedException {
    Call.Builder call =
        Call.newBuilder()
            .setType(Call.Type.SUBSCRIBE)
            .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(info));
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    HttpRequest.Builder builder = request(master, call.build()).header("Accept", PROTOBUF);
    if (resumes && lastIndex > 0 && info.hasId()) {
      builder.header("Quorate-Last-Index", Long.toString(lastIndex));
    }
    HttpRequest request = builder.build();
    HttpResponse<InputStream> response =
        http.send(request, HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream body = response.body()) {
      if (response.statusCode() == 307) {
        leader = Optional.of(target(response));
        return true;
      }
      if (response.statusCode() != 200) {
        String text = new String(body.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        leader = Optional.empty();
        if (!later(response.statusCode())) {
          closed = true;
          deliver(() -> listener.ended(response.statusCode() + " " + text));
        }
        return false;
      }
      leader = Optional.of(master);
      heardNanos = System.nanoTime();
      stream = body;
      streamId = response.headers().firstValue("Mesos-Stream-Id").orElse("");
      read(body);
    } finally {
      stream = null;
      if (!streamId.isEmpty()) {
        lost("the stream to " + master + " ended");
      }
    }
    leader = Optional.empty();
    return false;
  }

  /** No leader, not ready, or over a rate limit: nothing that is wrong with the framework. */
  private static boolean later(int status) {
    return status == 503 || status == 404 || status == 429;
  }

  /** After {@link #close} nobody listens any more. */
  private void deliver(Runnable callback) {
    try {
      events.execute(callback);
    } catch (RejectedExecutionException e) {
      if (!closed) {
        throw e;
      }
    }
  }

  private void lost(String why) {
    if (!streamId.isEmpty()) {
      streamId = "";
      deliver(() -> listener.disconnected(why));
    }
  }

  private void read(InputStream body) throws IOException {
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
      heardNanos = System.nanoTime();
      decoder.feed(chunk, 0, count, this::heard);
    }
  }

  private void heard(byte[] record) {
    Event event;
    try {
      event = Event.parseFrom(record);
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new IllegalStateException("an event that cannot be read", e);
    }
    if (event.getType() == Event.Type.SUBSCRIBED) {
      info = info.toBuilder().setId(event.getSubscribed().getFrameworkId()).build();
      heartbeatSeconds = event.getSubscribed().getHeartbeatIntervalSeconds();
      backoff.reset();
    }
    deliver(
        () -> {
          listener.event(event);
          handled(event);
        });
    if (event.getType() == Event.Type.ERROR) {
      closed = true;
      deliver(() -> listener.ended(event.getError().getMessage()));
    }
  }

  /** More events of the same entry may follow: only those of entries before it are complete. */
  private void handled(Event event) {
    boolean heartbeat = event.getType() == Event.Type.HEARTBEAT;
    long complete = heartbeat ? event.getLogIndex() : event.getLogIndex() - 1;
    lastIndex = Math.max(lastIndex, complete);
  }

  /** Five heartbeats missed, and the connection counts as dead (Mesos 1.4). */
  private void watchHeartbeats() {
    while (!closed) {
      pause(1_000);
      double silent = (System.nanoTime() - heardNanos) / 1e9;
      InputStream open = stream;
      if (open != null && silent > HEARTBEATS_MISSED_MAX * heartbeatSeconds) {
        try {
          open.close();
        } catch (IOException e) {
          // It is to be given up anyway.
        }
      }
    }
  }

  private static void pause(long millis) {
    try {
      TimeUnit.MILLISECONDS.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  // -- Calls ------------------------------------------------------------------------------------

  /** Sends any call but SUBSCRIBE; the framework's id is filled in. Never fails. */
  public CompletableFuture<Outcome> send(Call.Builder call) {
    String stream = streamId;
    Optional<String> master = leader;
    if (stream.isEmpty() || master.isEmpty() || !info.hasId()) {
      return CompletableFuture.completedFuture(new Outcome.Unknown("not subscribed"));
    }
    HttpRequest request =
        request(master.get(), call.setFrameworkId(info.getId()).build())
            .header("Mesos-Stream-Id", stream)
            .timeout(CALL_TIMEOUT)
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(
            response ->
                switch (response.statusCode()) {
                  case 200, 202 -> (Outcome) new Outcome.Done();
                  case 307, 404, 503 ->
                      new Outcome.Unknown(response.statusCode() + " " + response.body());
                  default -> new Outcome.Refused(response.statusCode(), response.body());
                })
        .exceptionally(failure -> new Outcome.Unknown(String.valueOf(failure.getMessage())));
  }

  private HttpRequest.Builder request(String master, Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + master + PATH))
            .header("Content-Type", PROTOBUF)
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  private static String target(HttpResponse<?> response) throws IOException {
    String location =
        response
            .headers()
            .firstValue("Location")
            .orElseThrow(() -> new IOException("a redirect without Location"));
    String rest = location.replaceFirst("^(http:)?//", "");
    int slash = rest.indexOf('/');
    return slash < 0 ? rest : rest.substring(0, slash);
  }

  /** Ends the client; the framework stays until its fail-over time-out is over. */
  @Override
  public void close() {
    closed = true;
    subscriber.interrupt();
    InputStream open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is to be given up anyway.
      }
    }
    events.shutdown();
  }

  /** Removes the framework with its tasks, then ends the client. */
  public Outcome teardown() {
    Outcome outcome = send(Call.newBuilder().setType(Call.Type.TEARDOWN)).join();
    close();
    return outcome;
  }
}
