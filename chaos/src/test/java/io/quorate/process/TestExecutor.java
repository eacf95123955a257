package io.quorate.process;

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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A framework's own executor, as a process that an agent starts. It prints what it is told, one
 * line each, and does what the data of its tasks and messages say:
 *
 * <pre>
 * task data    run | finish | twice | hold | exit N
 * message      finish ID | keep ID (an update that is sent only when it subscribes again)
 *              | again | exit N | anything else comes back
 * argument     stubborn: goes on when told to shut down; late: subscribes again only once
 *              the file ./return is there; forgetful: does not say what it was sent
 * </pre>
 */
final class TestExecutor {
  private static final int RECORD_BYTES_MAX = 1 << 20;
  private static final long PAUSE_MILLIS = 50;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String arguments;
  private final Map<ByteString, Call.Update> updates = new LinkedHashMap<>();
  private final Map<TaskID, TaskInfo> tasks = new LinkedHashMap<>();
  private InputStream stream;

  private TestExecutor(String[] arguments) {
    this.arguments = String.join(" ", arguments);
  }

  public static void main(String[] arguments) throws Exception {
    System.getenv().forEach((name, value) -> say("env " + name + "=" + value));
    new TestExecutor(arguments).run();
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void run() throws InterruptedException {
    while (true) {
      try {
        subscribe();
      } catch (IOException e) {
        say("broken " + e);
      }
      if (!"1".equals(System.getenv("MESOS_CHECKPOINT"))) {
        System.exit(0);
      }
      do {
        Thread.sleep(PAUSE_MILLIS);
      } while (arguments.contains("late") && !new java.io.File("return").exists());
    }
  }

  private void subscribe() throws IOException, InterruptedException {
    Call.Builder call = call(Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder().addAllUnacknowledgedUpdates(updates.values());
    if (!arguments.contains("forgetful")) {
      call.getSubscribeBuilder().addAllUnacknowledgedTasks(tasks.values());
    }
    HttpResponse<InputStream> answer =
        client.send(
            request(call.build()).header("Accept", "application/x-protobuf").build(),
            HttpResponse.BodyHandlers.ofInputStream());
    if (answer.statusCode() != 200) {
      say("subscribe answered " + answer.statusCode());
      return;
    }
    RecordIoDecoder decoder = new RecordIoDecoder(RECORD_BYTES_MAX);
    stream = answer.body();
    byte[] buffer = new byte[4096];
    for (int read = stream.read(buffer); read >= 0; read = stream.read(buffer)) {
      decoder.feed(java.util.Arrays.copyOf(buffer, read), this::event);
    }
    say("stream ended");
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

  private void send(Call.Builder call) {
    try {
      int status =
          client
              .send(request(call.build()).build(), HttpResponse.BodyHandlers.ofString())
              .statusCode();
      if (status != 202) {
        say(call.getType() + " answered " + status);
      }
    } catch (IOException | InterruptedException e) {
      say(call.getType() + " failed " + e);
    }
  }

  private Call.Builder update(TaskID task, TaskState state) {
    UUID uuid = UUID.randomUUID();
    Call.Builder call = call(Call.Type.UPDATE);
    call.getUpdateBuilder()
        .setStatus(
            TaskStatus.newBuilder()
                .setTaskId(task)
                .setState(state)
                .setSource(TaskStatus.Source.SOURCE_EXECUTOR)
                .setUuid(
                    ByteString.copyFrom(
                        java.nio.ByteBuffer.allocate(2 * Long.BYTES)
                            .putLong(uuid.getMostSignificantBits())
                            .putLong(uuid.getLeastSignificantBits())
                            .array())));
    updates.put(call.getUpdate().getStatus().getUuid(), call.getUpdate());
    return call;
  }

  private void event(byte[] record) {
    Event event;
    try {
      event = Event.parseFrom(record);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    switch (event.getType()) {
      case SUBSCRIBED ->
          say(
              "subscribed "
                  + event.getSubscribed().getExecutorInfo().getExecutorId().getValue()
                  + " "
                  + event.getSubscribed().getFrameworkInfo().getName()
                  + " "
                  + event.getSubscribed().getAgentInfo().getId().getValue()
                  + " "
                  + event.getSubscribed().getContainerId().getValue());
      case LAUNCH -> launch(event.getLaunch().getTask());
      case LAUNCH_GROUP -> {
        say("group " + event.getLaunchGroup().getTaskGroup().getTasksCount());
        event.getLaunchGroup().getTaskGroup().getTasksList().forEach(this::launch);
      }
      case KILL -> {
        say(
            "kill "
                + event.getKill().getTaskId().getValue()
                + " "
                + event.getKill().getKillPolicy().getGracePeriod().getNanoseconds());
        send(update(event.getKill().getTaskId(), TaskState.TASK_KILLED));
      }
      case ACKNOWLEDGED -> {
        say("acknowledged " + event.getAcknowledged().getTaskId().getValue());
        updates.remove(event.getAcknowledged().getUuid());
        tasks.remove(event.getAcknowledged().getTaskId());
      }
      case MESSAGE -> message(event.getMessage().getData());
      case SHUTDOWN -> {
        say("shutdown");
        if (!arguments.contains("stubborn")) {
          System.exit(0);
        }
      }
      case HEARTBEAT -> {
        say("heartbeat");
        send(call(Call.Type.HEARTBEAT));
      }
      default -> say(event.getType() + " " + event.getError().getMessage());
    }
  }

  private void launch(TaskInfo task) {
    say("launch " + task.getTaskId().getValue());
    tasks.put(task.getTaskId(), task);
    String data = task.getData().toStringUtf8();
    if (data.startsWith("exit")) {
      System.exit(Integer.parseInt(data.substring("exit ".length())));
    } else if (!data.equals("hold")) {
      Call.Builder running = update(task.getTaskId(), TaskState.TASK_RUNNING);
      send(running);
      if (data.equals("twice")) {
        send(running);
      }
      if (data.equals("finish")) {
        send(update(task.getTaskId(), TaskState.TASK_FINISHED));
      }
    }
  }

  private void message(ByteString data) {
    String text = data.toStringUtf8();
    String rest = text.substring(text.indexOf(' ') + 1);
    if (text.startsWith("finish ")) {
      send(update(TaskID.newBuilder().setValue(rest).build(), TaskState.TASK_FINISHED));
    } else if (text.startsWith("keep ")) {
      var unused = update(TaskID.newBuilder().setValue(rest).build(), TaskState.TASK_FINISHED);
    } else if (text.equals("again")) {
      try {
        stream.close();
      } catch (IOException e) {
        say("broken " + e);
      }
    } else if (text.startsWith("exit ")) {
      System.exit(Integer.parseInt(rest));
    } else {
      Call.Builder call = call(Call.Type.MESSAGE);
      call.getMessageBuilder().setData(data);
      send(call);
    }
  }

  /** The command line that starts one. */
  static java.util.List<String> command(String... arguments) {
    java.util.List<String> words =
        new java.util.ArrayList<>(
            java.util.List.of(
                java.nio.file.Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                TestExecutor.class.getName()));
    words.addAll(java.util.List.of(arguments));
    return words;
  }
}
