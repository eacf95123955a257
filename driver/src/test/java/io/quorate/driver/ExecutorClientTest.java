package io.quorate.driver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.executor.Call;
import io.quorate.protocol.v1.executor.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ExecutorClientTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final TaskID TASK = TaskID.newBuilder().setValue("t").build();

  private final List<Event.Type> events = new CopyOnWriteArrayList<>();
  private final List<String> measured = new CopyOnWriteArrayList<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private FakeAgent agent;
  private ExecutorClient client;

  @BeforeEach
  void start() throws IOException {
    agent = new FakeAgent();
    client =
        new ExecutorClient(
                ExecutorVariables.of(
                    Map.of(
                        "MESOS_AGENT_ENDPOINT", agent.address(),
                        "MESOS_FRAMEWORK_ID", "f",
                        "MESOS_EXECUTOR_ID", "e",
                        "MESOS_SLAVE_ID", "s",
                        "MESOS_CHECKPOINT", "1",
                        "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "10ms",
                        "MESOS_EXECUTOR_AUTHENTICATION_TOKEN", "a.b.c")),
                event -> events.add(event.getType()))
            .afterGrace(ended::countDown)
            .measure(
                new ClientMetrics() {
                  @Override
                  public void called(String type, Outcome outcome, Duration took) {
                    measured.add(type + " " + outcome);
                  }
                });
    client.start();
    await("a stream").atMost(LONG).until(() -> events.contains(Event.Type.SUBSCRIBED));
  }

  @AfterEach
  void stop() {
    client.close();
    agent.close();
  }

  @Test
  @DisplayName(
      "an update is done when the agent acknowledges it, and the token goes with each call")
  void shouldSettleUpdates() throws InterruptedException {
    // when
    CompletableFuture<Outcome> running = client.update(TASK, TaskState.TASK_RUNNING);
    Outcome message = client.message(ByteString.copyFromUtf8("x")).join();

    // then
    assertThat(running).succeedsWithin(LONG).isEqualTo(new Outcome.Done());
    assertThat(client.flush(LONG)).isTrue();
    assertThat(message).isEqualTo(new Outcome.Done());
    assertThat(agent.tokens).hasSize(3).containsOnly("Bearer a.b.c");
    await("measures")
        .atMost(LONG)
        .until(() -> measured.containsAll(List.of("UPDATE Done[]", "MESSAGE Done[]")));
  }

  @Test
  @DisplayName("after a restart of the agent it subscribes with what was not acknowledged")
  void shouldComeBack() {
    // given
    agent.acknowledges = false;
    CompletableFuture<Outcome> running = client.update(TASK, TaskState.TASK_RUNNING);
    await("an update").atMost(LONG).until(() -> agent.calls(Call.Type.UPDATE).size() == 1);

    // when
    agent.recovers = true;
    agent.endStreams();
    int asked = agent.tokens.size();
    await("refused while it recovers").atMost(LONG).until(() -> agent.tokens.size() > asked);
    agent.recovers = false;

    // then
    assertThat(running).succeedsWithin(LONG).isEqualTo(new Outcome.Done());
    Call.Subscribe again = agent.calls(Call.Type.SUBSCRIBE).get(1).getSubscribe();
    assertThat(again.getUnacknowledgedUpdatesList())
        .isEqualTo(List.of(agent.calls(Call.Type.UPDATE).get(0).getUpdate()));
  }

  @Test
  @DisplayName("a process that does not close the client after SHUTDOWN is ended")
  void shouldEndAfterGrace() throws Exception {
    // when
    agent.send(Event.newBuilder().setType(Event.Type.SHUTDOWN).build());

    // then
    assertThat(ended.await(LONG.toSeconds(), java.util.concurrent.TimeUnit.SECONDS)).isTrue();
    assertThat(events).contains(Event.Type.SHUTDOWN);
  }
}
