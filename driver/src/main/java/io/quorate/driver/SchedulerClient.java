package io.quorate.driver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.protocol.auth.BasicCredential;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.text.Failures;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
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
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);

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

  /** Under its own lock, and never while the listener or the network is waited for. */
  private final ClientCore core;

  private volatile CompletableFuture<?> attempt;
  private volatile InputStream stream;
  private volatile Optional<String> authorization = Optional.empty();

  /**
   * @param masters {@code host:port}, at least one; any of them leads to the leader
   * @param info the framework; with an id to take over from an earlier instance
   */
  public SchedulerClient(List<String> masters, FrameworkInfo info, SchedulerListener listener) {
    this.core = new ClientCore(masters, info, RandomGenerator.getDefault());
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
    synchronized (core) {
      core.resumeAfter(index);
    }
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
    synchronized (core) {
      return core.lastIndex();
    }
  }

  /**
   * Whether the latest stream goes on where the one before it broke: what was offered then and not
   * rescinded since is still there. True from the head of the stream on, before SUBSCRIBED.
   */
  public boolean resumed() {
    synchronized (core) {
      return core.resumed();
    }
  }

  /** Subscribes, and stays subscribed until {@link #close}. */
  public void start() {
    subscriber.start();
    thread(this::watchHeartbeats, "scheduler-watch").start();
  }

  /** The framework's id; empty before the first subscription. */
  public Optional<FrameworkID> frameworkId() {
    synchronized (core) {
      return core.frameworkId();
    }
  }

  /** The master that the stream is open to. */
  public Optional<String> leader() {
    synchronized (core) {
      return core.leader();
    }
  }

  // -- The stream -------------------------------------------------------------------------------

  private void subscribeForEver() {
    ClientCore.Next next = new ClientCore.Next.Ask(0);
    while (next instanceof ClientCore.Next.Ask ask && !Thread.currentThread().isInterrupted()) {
      pause(ask.pauseMillis());
      try {
        next = subscribe();
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  /** Makes one attempt, and reads its stream to the end. */
  private ClientCore.Next subscribe() throws InterruptedException {
    ClientCore.Attempt next;
    synchronized (core) {
      if (core.closed()) {
        return new ClientCore.Next.Stop();
      }
      next = core.attempt(System.nanoTime());
    }
    String why;
    try {
      HttpResponse<InputStream> response = ask(next);
      try (InputStream body = response.body()) {
        ClientCore.Head head = head(response);
        ClientCore.Next then = tell(() -> core.answered(head, System.nanoTime()));
        if (!(then instanceof ClientCore.Next.Read)) {
          return then;
        }
        stream = body;
        read(body);
      }
      why = "the stream to " + next.master() + " ended";
    } catch (IOException | RuntimeException e) {
      // Also an answer that cannot be read: another master may give a better one.
      why = next.master() + ": " + Failures.describe(e);
    } finally {
      stream = null;
    }
    String reason = why;
    return tell(() -> core.broke(reason));
  }

  private HttpResponse<InputStream> ask(ClientCore.Attempt next)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = request(next.master(), next.call()).header("Accept", PROTOBUF);
    next.lastIndex().ifPresent(index -> request.header("Quorate-Last-Index", Long.toString(index)));
    CompletableFuture<HttpResponse<InputStream>> answer =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    attempt = answer;
    try {
      return answer.get();
    } catch (ExecutionException e) {
      throw new IOException(Failures.describe(e), e.getCause());
    } catch (CancellationException e) {
      throw new IOException("no answer", e);
    } finally {
      attempt = null;
      answer.cancel(true);
    }
  }

  private static ClientCore.Head head(HttpResponse<InputStream> response) throws IOException {
    boolean streams = response.statusCode() == 200;
    return new ClientCore.Head(
        response.statusCode(),
        response.headers().firstValue("Location").orElse(""),
        response.headers().firstValue("Mesos-Stream-Id").orElse(""),
        response.headers().firstValue("Quorate-Resumed").orElse(""),
        streams ? "" : new String(response.body().readAllBytes(), StandardCharsets.UTF_8));
  }

  private void read(InputStream body) throws IOException {
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    byte[] chunk = new byte[CHUNK_BYTES];
    for (int count = body.read(chunk); count >= 0; count = body.read(chunk)) {
      synchronized (core) {
        core.heard(System.nanoTime());
      }
      decoder.feed(chunk, 0, count, this::heard);
    }
  }

  private void heard(byte[] record) {
    Event event;
    try {
      event = Event.parseFrom(record);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("an event that cannot be read", e);
    }
    tell(
        () -> {
          core.event(event);
          return event;
        });
  }

  /** Tells the core something, then the listener what follows from it, in the core's order. */
  private <T> T tell(Supplier<T> input) {
    synchronized (core) {
      T result = input.get();
      core.due().forEach(this::deliver);
      return result;
    }
  }

  /** After {@link #close} nobody listens any more. */
  private void deliver(ClientCore.Delivery delivery) {
    try {
      events.execute(
          () -> {
            delivery.to(listener);
            if (delivery instanceof ClientCore.Delivery.Told told) {
              synchronized (core) {
                core.handled(told.event());
              }
            }
          });
    } catch (RejectedExecutionException e) {
      synchronized (core) {
        if (!core.closed()) {
          throw e;
        }
      }
    }
  }

  private void watchHeartbeats() {
    while (subscriber.isAlive()) {
      pause(1_000);
      boolean silent;
      Optional<String> other;
      synchronized (core) {
        silent = core.silent(System.nanoTime());
        other = core.doubts(System.nanoTime());
      }
      if (silent || other.map(this::namesAnother).orElse(false)) {
        hangUp();
      }
    }
  }

  /** Asks a master who leads. */
  private boolean namesAnother(String master) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + master + "/redirect"))
            .timeout(Duration.ofSeconds(1))
            .build();
    try {
      HttpResponse<Void> answer = http.send(request, HttpResponse.BodyHandlers.discarding());
      String location = answer.headers().firstValue("Location").orElse("");
      synchronized (core) {
        return answer.statusCode() == 307 && core.deposed(location);
      }
    } catch (IOException e) {
      // It knows nothing; another is asked the next time.
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private void hangUp() {
    CompletableFuture<?> asked = attempt;
    if (asked != null) {
      asked.cancel(true);
    }
    InputStream open = stream;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        // It is to be given up anyway.
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
    Optional<ClientCore.Request> asked;
    synchronized (core) {
      asked = core.request(call);
    }
    if (asked.isEmpty()) {
      return CompletableFuture.completedFuture(new Outcome.Unknown("not subscribed"));
    }
    HttpRequest request =
        request(asked.get().master(), asked.get().call())
            .header("Mesos-Stream-Id", asked.get().streamId())
            .timeout(CALL_TIMEOUT)
            .build();
    return http.sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> ClientCore.outcome(response.statusCode(), response.body()))
        .exceptionally(failure -> new Outcome.Unknown(Failures.describe(failure)));
  }

  private HttpRequest.Builder request(String master, Call call) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + master + PATH))
            .header("Content-Type", PROTOBUF)
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()));
    authorization.ifPresent(value -> request.header("Authorization", value));
    return request;
  }

  /** Ends the client; the framework stays until its fail-over time-out is over. */
  @Override
  public void close() {
    synchronized (core) {
      core.close();
    }
    subscriber.interrupt();
    hangUp();
    events.shutdown();
  }

  /** Removes the framework with its tasks, then ends the client. */
  public Outcome teardown() {
    Outcome outcome = send(Call.newBuilder().setType(Call.Type.TEARDOWN)).join();
    close();
    return outcome;
  }
}
