package io.quorate.driver;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.quorate.protocol.text.Failures;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;

/**
 * A client of the v1 executor API (protobuf), for the program of a framework that an agent starts.
 * It finds the agent in its environment, subscribes, and subscribes again when the agent comes back
 * after a restart, with the tasks and updates that it has no acknowledgement of; it does so for as
 * long as {@code MESOS_RECOVERY_TIMEOUT} says if the framework checkpoints, and not at all if not.
 *
 * <p>Updates may be made from any thread. They are sent one by one in their order, and again until
 * the agent has them on its disk. At most 10,000 wait; then {@link #update} waits too.
 *
 * <p>After SHUTDOWN the process is ended when its grace period is over and the client was not
 * closed, as in Mesos: nobody else would, if the agent is gone.
 */
public final class ExecutorClient implements AutoCloseable {
  private static final String PATH = "/api/v1/executor";
  private static final int UPDATES_MAX = 10_000;
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(30);
  private static final long REPEAT_MILLIS = 50;
  private static final long WAIT_MILLIS = 1_000;

  private final ExecutorVariables variables;
  private final ExecutorListener listener;
  private final ClientHttp http;
  private final RecordConnection connection = new RecordConnection();
  private final ExecutorService events =
      Executors.newSingleThreadExecutor(task -> thread(task, "executor-events"));
  private final Thread subscriber = thread(this::subscribeForEver, "executor-stream");
  private final Thread sender = thread(this::sendForEver, "executor-updates");
  private final Map<ByteString, CompletableFuture<Outcome>> made = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);

  /** Under its own lock, and never while the listener or the network is waited for. */
  private final ExecutorClientCore core;

  private volatile ClientMetrics metrics = new ClientMetrics() {};
  private volatile Runnable afterGrace = () -> Runtime.getRuntime().halt(1);

  /**
   * An executor as its environment describes it.
   *
   * @throws IllegalArgumentException if a variable is missing or is not what it should be; the
   *     message names it
   */
  public ExecutorClient(ExecutorListener listener) {
    this(ExecutorVariables.of(System.getenv()), listener);
  }

  /** An executor that was described in another way. */
  public ExecutorClient(ExecutorVariables variables, ExecutorListener listener) {
    this.variables = variables;
    this.listener = listener;
    this.http = new ClientHttp(variables.tls());
    this.core = new ExecutorClientCore(variables, RandomGenerator.getDefault());
    variables.token().ifPresent(token -> http.authorize("Bearer " + token));
    if (variables.local()) {
      afterGrace = () -> {};
    }
  }

  private static Thread thread(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /**
   * Trusts the authorities of a PEM file in place of the JDK's, where agents speak TLS. Before
   * {@link #start}.
   *
   * @throws IOException if it cannot be read or holds none
   */
  public ExecutorClient trust(Path pem) throws IOException {
    return trust(TrustedAuthorities.ofPem(pem));
  }

  /** Speaks TLS by this context. Before {@link #start}. */
  public ExecutorClient trust(SSLContext context) {
    http.trust(context);
    return this;
  }

  /** Tells what it measures. Before {@link #start}. */
  public ExecutorClient measure(ClientMetrics metrics) {
    this.metrics = metrics;
    return this;
  }

  /** Does this, in place of ending the process, when the grace period is over. */
  ExecutorClient afterGrace(Runnable action) {
    afterGrace = action;
    return this;
  }

  /** Subscribes, and stays subscribed until {@link #close} or SHUTDOWN. */
  public ExecutorClient start() {
    subscriber.start();
    sender.start();
    return this;
  }

  /** Starts, and waits until somebody closes the client. What a {@code main} ends with. */
  public void run() throws InterruptedException {
    start();
    end.await();
  }

  // -- Calls ------------------------------------------------------------------------------------

  /** Tells the state of a task; see {@link #update(TaskStatus.Builder)}. */
  public CompletableFuture<Outcome> update(TaskID task, TaskState state) {
    return update(TaskStatus.newBuilder().setTaskId(task).setState(state));
  }

  /**
   * Tells the state of a task. Who and where the update is from is filled in, as are its uuid and
   * its time.
   *
   * @return {@link Outcome.Done} once the agent has the update on its disk, {@link Outcome.Refused}
   *     if it will not have it, {@link Outcome.Unknown} if the client was closed before
   */
  public CompletableFuture<Outcome> update(TaskStatus.Builder status) {
    UUID random = UUID.randomUUID();
    ByteString uuid =
        ByteString.copyFrom(
            ByteBuffer.allocate(2 * Long.BYTES)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .flip());
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    made.put(uuid, outcome);
    synchronized (core) {
      boolean interrupted = false;
      while (core.unacknowledged() >= UPDATES_MAX && !core.closed() && !interrupted) {
        interrupted = !await(WAIT_MILLIS);
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      TaskStatus taken = status.build();
      tell(
          () -> {
            core.update(taken, uuid, System.currentTimeMillis() / 1e3);
            return taken;
          });
    }
    return outcome;
  }

  /** Waits on the core; false if the thread was interrupted. */
  private boolean await(long millis) {
    try {
      core.wait(millis);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  /**
   * Sends a message to the scheduler, at most once. {@link Outcome.Done} means that the agent
   * passed it on, not that it arrived: what must not be lost belongs in the data of an update.
   */
  public CompletableFuture<Outcome> message(ByteString data) {
    Optional<Call> call;
    synchronized (core) {
      call = core.message(data);
    }
    return call.map(this::send)
        .orElseGet(() -> CompletableFuture.completedFuture(new Outcome.Unknown("not subscribed")));
  }

  private CompletableFuture<Outcome> send(Call call) {
    long began = System.nanoTime();
    return http.client()
        .sendAsync(
            http.post(variables.agent(), PATH, call.toByteArray()).timeout(CALL_TIMEOUT).build(),
            HttpResponse.BodyHandlers.ofString())
        .thenApply(response -> ClientCore.outcome(response.statusCode(), response.body()))
        .exceptionally(failure -> new Outcome.Unknown(Failures.describe(failure)))
        .thenApply(
            outcome -> {
              metrics.called(
                  call.getType().name(), outcome, Duration.ofNanos(System.nanoTime() - began));
              return outcome;
            });
  }

  private void sendForEver() {
    while (true) {
      Call call;
      synchronized (core) {
        while (core.nextCall().isEmpty() && !core.closed()) {
          await(WAIT_MILLIS);
        }
        if (core.closed()) {
          return;
        }
        call = core.nextCall().get();
      }
      Outcome outcome = send(call).join();
      synchronized (core) {
        boolean again = tell(() -> core.sent(call, outcome));
        if (again && !core.closed()) {
          await(REPEAT_MILLIS);
        }
      }
    }
  }

  // -- The stream -------------------------------------------------------------------------------

  private void subscribeForEver() {
    ExecutorClientCore.Next next = new ExecutorClientCore.Next.Subscribe(0);
    try {
      while (next instanceof ExecutorClientCore.Next.Subscribe subscribe) {
        TimeUnit.MILLISECONDS.sleep(subscribe.pauseMillis());
        next = subscribe();
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  /** Makes one attempt, and reads its stream to the end. */
  private ExecutorClientCore.Next subscribe() throws InterruptedException {
    Call call;
    synchronized (core) {
      if (core.closed()) {
        return new ExecutorClientCore.Next.Stop();
      }
      call = core.subscription();
    }
    String why;
    try {
      HttpResponse<InputStream> response =
          connection.open(
              http.client(), http.post(variables.agent(), PATH, call.toByteArray()).build());
      try (InputStream body = response.body()) {
        int status = response.statusCode();
        String text = status == 200 ? "" : new String(body.readAllBytes(), StandardCharsets.UTF_8);
        ExecutorClientCore.Next then = tell(() -> core.answered(status, text, System.nanoTime()));
        if (!(then instanceof ExecutorClientCore.Next.Read)) {
          return then;
        }
        metrics.subscribed(variables.agent());
        connection.read(body, () -> {}, this::heard);
      }
      why = "the stream of the agent ended";
    } catch (IOException | RuntimeException e) {
      why = variables.agent() + ": " + Failures.describe(e);
    }
    String reason = why;
    return tell(() -> core.broke(reason, System.nanoTime()));
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

  /** Tells the core something, then everybody what follows from it, in the core's order. */
  private <T> T tell(Supplier<T> input) {
    synchronized (core) {
      boolean before = core.shuttingDown();
      T result = input.get();
      core.due().forEach(this::deliver);
      if (core.shuttingDown() && !before) {
        thread(this::endAfterGrace, "executor-shutdown").start();
      }
      core.notifyAll();
      return result;
    }
  }

  private void deliver(ExecutorClientCore.Delivery delivery) {
    if (delivery instanceof ExecutorClientCore.Delivery.Settled settled) {
      CompletableFuture<Outcome> waiting = made.remove(settled.uuid());
      if (waiting != null) {
        waiting.completeAsync(settled::outcome);
      }
      return;
    }
    long arrived = System.nanoTime();
    try {
      events.execute(() -> toListener(delivery, arrived));
    } catch (RejectedExecutionException e) {
      if (!core.closed()) {
        throw e;
      }
    }
  }

  private void toListener(ExecutorClientCore.Delivery delivery, long arrived) {
    if (delivery instanceof ExecutorClientCore.Delivery.Told told) {
      long began = System.nanoTime();
      listener.event(told.event());
      metrics.handled(
          told.event().getType().name(),
          Duration.ofNanos(began - arrived),
          Duration.ofNanos(System.nanoTime() - began));
    } else if (delivery instanceof ExecutorClientCore.Delivery.Disconnected disconnected) {
      metrics.disconnected(disconnected.why());
      listener.disconnected(disconnected.why());
    } else if (delivery instanceof ExecutorClientCore.Delivery.Refused refused) {
      listener.refused(refused.why());
    }
  }

  private void endAfterGrace() {
    try {
      if (!end.await(variables.shutdownGrace().toNanos(), TimeUnit.NANOSECONDS)) {
        afterGrace.run();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Waits until the agent has all updates, if that takes no longer than a time.
   *
   * @return whether it has
   */
  public boolean flush(Duration atMost) throws InterruptedException {
    CompletableFuture<?> all =
        CompletableFuture.allOf(made.values().toArray(new CompletableFuture<?>[0]));
    try {
      all.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException | ExecutionException e) {
      return false;
    }
  }

  /** Ends the client, and {@link #run}. Updates that were not {@link #flush}ed may be lost. */
  @Override
  public void close() {
    tell(
        () -> {
          core.close();
          return core;
        });
    subscriber.interrupt();
    connection.hangUp();
    events.shutdown();
    end.countDown();
  }
}
