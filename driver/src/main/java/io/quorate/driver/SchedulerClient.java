package io.quorate.driver;

import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.driver.search.LeaderSearch;
import io.quorate.protocol.auth.BasicCredential;
import io.quorate.protocol.text.Failures;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

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
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final long REPEAT_MILLIS = 100;

  private final SchedulerListener listener;
  private final ClientHttp http;
  private final RecordConnection connection = new RecordConnection();
  private final ExecutorService events =
      Executors.newSingleThreadExecutor(task -> thread(task, "scheduler-events"));
  private final Thread subscriber = thread(this::subscribeForEver, "scheduler-stream");

  /** Under its own lock, and never while the listener or the network is waited for. */
  private final ClientCore core;

  private final CountDownLatch end = new CountDownLatch(1);
  private volatile ClientMetrics metrics = new ClientMetrics() {};

  /**
   * @param masters {@code host:port}, at least one; any of them leads to the leader. With {@code
   *     https://} before one of them, all are spoken to by TLS
   * @param info the framework; with an id to take over from an earlier instance
   */
  public SchedulerClient(List<String> masters, FrameworkInfo info, SchedulerListener listener) {
    this.http = new ClientHttp(masters.stream().anyMatch(master -> master.startsWith("https://")));
    this.core =
        new ClientCore(
            masters.stream().map(LeaderSearch::target).toList(),
            info,
            RandomGenerator.getDefault());
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
    http.authorize(credential.authorization());
    return this;
  }

  /** Logs in by a bearer token, in place of a secret. Before {@link #start}. */
  public SchedulerClient authenticateWith(String token) {
    http.authorize("Bearer " + token);
    return this;
  }

  /**
   * Trusts the authorities of a PEM file in place of the JDK's, where masters speak TLS. Before
   * {@link #start}.
   *
   * @throws IOException if it cannot be read or holds none
   */
  public SchedulerClient trust(Path pem) throws IOException {
    return trust(TrustedAuthorities.ofPem(pem));
  }

  /** Speaks TLS by this context. Before {@link #start}. */
  public SchedulerClient trust(SSLContext context) {
    http.trust(context);
    return this;
  }

  /** Tells what it measures. Before {@link #start}. */
  public SchedulerClient measure(ClientMetrics metrics) {
    this.metrics = metrics;
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

  /** Starts, and {@link #join}s. What a {@code main} ends with. */
  public void run() throws InterruptedException {
    start();
    join();
  }

  /** Waits until the client is closed, or the master refuses the framework for good. */
  public void join() throws InterruptedException {
    end.await();
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
        metrics.subscribed(next.master());
        connection.read(body, this::alive, this::heard);
      }
      why = "the stream to " + next.master() + " ended";
    } catch (IOException | RuntimeException e) {
      // Also an answer that cannot be read: another master may give a better one.
      why = next.master() + ": " + Failures.describe(e);
    }
    String reason = why;
    return tell(() -> core.broke(reason));
  }

  private HttpResponse<InputStream> ask(ClientCore.Attempt next)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = http.post(next.master(), PATH, next.call().toByteArray());
    next.lastIndex().ifPresent(index -> request.header("Quorate-Last-Index", Long.toString(index)));
    return connection.open(http.client(), request.build());
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

  private void alive() {
    synchronized (core) {
      core.heard(System.nanoTime());
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
    long arrived = System.nanoTime();
    try {
      events.execute(() -> toListener(delivery, arrived));
    } catch (RejectedExecutionException e) {
      synchronized (core) {
        if (!core.closed()) {
          throw e;
        }
      }
    }
  }

  private void toListener(ClientCore.Delivery delivery, long arrived) {
    long began = System.nanoTime();
    delivery.to(listener);
    if (delivery instanceof ClientCore.Delivery.Told told) {
      synchronized (core) {
        core.handled(told.event());
      }
      metrics.handled(
          told.event().getType().name(),
          Duration.ofNanos(began - arrived),
          Duration.ofNanos(System.nanoTime() - began));
    } else if (delivery instanceof ClientCore.Delivery.Disconnected disconnected) {
      metrics.disconnected(disconnected.why());
    } else {
      end.countDown();
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
        connection.hangUp();
      }
    }
  }

  /** Asks a master who leads. */
  private boolean namesAnother(String master) {
    HttpRequest request = http.get(master, "/redirect").timeout(Duration.ofSeconds(1)).build();
    try {
      HttpResponse<Void> answer =
          http.client().send(request, HttpResponse.BodyHandlers.discarding());
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
    return asked
        .map(this::send)
        .orElseGet(() -> CompletableFuture.completedFuture(new Outcome.Unknown("not subscribed")));
  }

  private CompletableFuture<Outcome> send(ClientCore.Request asked) {
    long began = System.nanoTime();
    HttpRequest request =
        http.post(asked.master(), PATH, asked.call().toByteArray())
            .header("Mesos-Stream-Id", asked.streamId())
            .timeout(CALL_TIMEOUT)
            .build();
    return http.client()
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> ClientCore.outcome(response.statusCode(), response.body()))
        .exceptionally(failure -> new Outcome.Unknown(Failures.describe(failure)))
        .thenApply(
            outcome -> {
              metrics.called(
                  asked.call().getType().name(),
                  outcome,
                  Duration.ofNanos(System.nanoTime() - began));
              return outcome;
            });
  }

  /**
   * Sends a call, and again while its outcome is unknown, to the next leader if need be, for this
   * long at most. Every call but MESSAGE and REQUEST may be repeated: an ACCEPT that was done is
   * recognised, and the others change nothing the second time. Never fails.
   */
  public CompletableFuture<Outcome> sendUntilKnown(Call.Builder call, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    Call.Builder copy = call.clone();
    return send(copy.clone()).thenCompose(outcome -> again(copy, outcome, end));
  }

  private CompletableFuture<Outcome> again(Call.Builder call, Outcome outcome, long end) {
    if (!(outcome instanceof Outcome.Unknown) || System.nanoTime() - end > 0 || isClosed()) {
      return CompletableFuture.completedFuture(outcome);
    }
    return CompletableFuture.supplyAsync(
            call::clone, CompletableFuture.delayedExecutor(REPEAT_MILLIS, TimeUnit.MILLISECONDS))
        .thenCompose(this::send)
        .thenCompose(next -> again(call, next, end));
  }

  private boolean isClosed() {
    synchronized (core) {
      return core.closed();
    }
  }

  /**
   * Acknowledges an update; one that needs none is done at once. If the outcome is unknown, the
   * update comes again.
   */
  public CompletableFuture<Outcome> acknowledge(TaskStatus status) {
    return status.hasUuid()
        ? send(CallFactory.acknowledge(status))
        : CompletableFuture.completedFuture(new Outcome.Done());
  }

  /** Ends the client; the framework stays until its fail-over time-out is over. */
  @Override
  public void close() {
    synchronized (core) {
      core.close();
    }
    subscriber.interrupt();
    connection.hangUp();
    events.shutdown();
    end.countDown();
  }

  /** Removes the framework with its tasks, then ends the client. */
  public Outcome teardown() {
    Outcome outcome = send(Call.newBuilder().setType(Call.Type.TEARDOWN)).join();
    close();
    return outcome;
  }
}
