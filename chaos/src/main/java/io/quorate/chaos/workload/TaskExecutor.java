package io.quorate.chaos.workload;

import com.google.protobuf.ByteString;
import io.quorate.protocol.recordio.RecordIoDecoder;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/**
 * An executor whose tasks are timers, so that hundreds of launches a second cost no processes. The
 * data of a task is its seconds. It keeps the agent's diary, as tasks that are processes do.
 */
public final class TaskExecutor {
  private static final int RECORD_BYTES_MAX = 16 << 20;
  private static final int CHUNK_BYTES = 64 << 10;
  private static final long PAUSE_MILLIS = 100;

  private final Path diary;
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** All below is this thread's. */
  private final ScheduledExecutorService core = Executors.newSingleThreadScheduledExecutor();

  private final Map<ByteString, Call.Update> updates = new LinkedHashMap<>();
  private final Map<TaskID, TaskInfo> unacknowledged = new LinkedHashMap<>();
  private final Map<TaskID, ScheduledFuture<?>> running = new LinkedHashMap<>();

  /** Updates of one task go one after the other. */
  private final Map<TaskID, CompletableFuture<?>> sending = new LinkedHashMap<>();

  private TaskExecutor(Path diary) {
    this.diary = diary;
  }

  /** Takes the path of the diary. */
  public static void main(String[] args) throws InterruptedException {
    new TaskExecutor(Path.of(args[0])).run();
  }

  private void run() throws InterruptedException {
    while (true) {
      try {
        CompletableFuture<Call> call = new CompletableFuture<>();
        core.execute(() -> call.complete(subscription()));
        read(call.join());
      } catch (IOException e) {
        System.out.println("no stream: " + e.getMessage());
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  private Call subscription() {
    Call.Builder call = call(Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder()
        .addAllUnacknowledgedUpdates(updates.values())
        .addAllUnacknowledgedTasks(unacknowledged.values());
    return call.build();
  }

  private void read(Call subscription) throws IOException, InterruptedException {
    HttpResponse<InputStream> answer =
        http.send(
            request(subscription).header("Accept", "application/x-protobuf").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = answer.body()) {
      if (answer.statusCode() != 200) {
        System.out.println("SUBSCRIBE was answered " + answer.statusCode());
        return;
      }
      RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
      byte[] chunk = new byte[CHUNK_BYTES];
      for (int count = in.read(chunk); count >= 0; count = in.read(chunk)) {
        decoder.feed(
            Arrays.copyOf(chunk, count),
            record -> {
              Event event = parse(record);
              core.execute(() -> handle(event));
            });
      }
    }
  }

  private static Event parse(byte[] record) {
    try {
      return Event.parseFrom(record);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void handle(Event event) {
    switch (event.getType()) {
      case LAUNCH -> launch(event.getLaunch().getTask());
      case KILL -> end(event.getKill().getTaskId(), TaskState.TASK_KILLED);
      case ACKNOWLEDGED -> {
        updates.remove(event.getAcknowledged().getUuid());
        unacknowledged.remove(event.getAcknowledged().getTaskId());
      }
      case SHUTDOWN -> {
        running.keySet().forEach(task -> note("end", task));
        System.exit(0);
      }
      case HEARTBEAT -> {
        var unused = post(call(Call.Type.HEARTBEAT).build());
      }
      default -> {}
    }
  }

  private void launch(TaskInfo task) {
    TaskID id = task.getTaskId();
    note("start", id);
    unacknowledged.put(id, task);
    update(id, TaskState.TASK_RUNNING);
    long millis = Math.round(Double.parseDouble(task.getData().toStringUtf8()) * 1000);
    running.put(
        id, core.schedule(() -> end(id, TaskState.TASK_FINISHED), millis, TimeUnit.MILLISECONDS));
  }

  private void end(TaskID id, TaskState state) {
    ScheduledFuture<?> timer = running.remove(id);
    if (timer != null) {
      timer.cancel(false);
      note("end", id);
      update(id, state);
    }
  }

  private void update(TaskID id, TaskState state) {
    UUID uuid = UUID.randomUUID();
    Call.Builder call = call(Call.Type.UPDATE);
    call.getUpdateBuilder()
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(id)
                .setState(state)
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setUuid(
                    ByteString.copyFrom(
                        ByteBuffer.allocate(2 * Long.BYTES)
                            .putLong(uuid.getMostSignificantBits())
                            .putLong(uuid.getLeastSignificantBits())
                            .array())));
    updates.put(call.getUpdate().getStatus().getUuid(), call.getUpdate());
    CompletableFuture<?> before = sending.getOrDefault(id, CompletableFuture.completedFuture(null));
    sending.put(id, before.thenCompose(nothing -> post(call.build())));
    if (state != TaskState.TASK_RUNNING) {
      sending.remove(id);
    }
  }

  /** What does not arrive is told with the next subscription. */
  private CompletableFuture<?> post(Call call) {
    return http.sendAsync(request(call).build(), HttpResponse.BodyHandlers.discarding())
        .handle((answer, failure) -> null);
  }

  private void note(String what, TaskID task) {
    try {
      String uptime = Files.readString(Path.of("/proc/uptime")).split(" ")[0];
      String line =
          uptime + " " + what + " " + task.getValue() + " " + ProcessHandle.current().pid() + "\n";
      Files.writeString(diary, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Call.Builder call(Call.Type type) {
    return Call.newBuilder()
        .setType(type)
        .setFrameworkId(FrameworkID.newBuilder().setValue(System.getenv("MESOS_FRAMEWORK_ID")))
        .setExecutorId(ExecutorID.newBuilder().setValue(System.getenv("MESOS_EXECUTOR_ID")));
  }

  private static HttpRequest.Builder request(Call call) {
    String agent = System.getenv("MESOS_AGENT_ENDPOINT");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://" + agent + "/api/v1/executor"))
            .header("Content-Type", "application/x-protobuf")
            .POST(HttpRequest.BodyPublishers.ofByteArray(call.toByteArray()));
    String token = System.getenv("MESOS_EXECUTOR_AUTHENTICATION_TOKEN");
    return token == null ? request : request.header("Authorization", "Bearer " + token);
  }
}
