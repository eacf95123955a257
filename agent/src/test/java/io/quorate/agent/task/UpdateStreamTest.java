package io.quorate.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class UpdateStreamTest {
  private final UpdateStream stream = new UpdateStream();
  private long now = 1;

  private static TaskStatus status(TaskState state) {
    return TaskStatus.newBuilder()
        .setTaskId(TaskID.newBuilder().setValue("t"))
        .setState(state)
        .setUuid(ByteString.copyFromUtf8(state.name()))
        .build();
  }

  /** How long until the head is due again, in whole seconds. */
  private long untilDue() {
    long seconds = 0;
    while (stream.due(now) == null) {
      now += Duration.ofSeconds(1).toNanos();
      seconds++;
    }
    return seconds;
  }

  @Test
  @DisplayName("CP-255 an update comes again after 10 s, then after doubling pauses up to 10 min")
  void shouldBackOff() {
    stream.add(status(TaskState.TASK_RUNNING));
    assertThat(untilDue()).isZero();
    for (long pause : new long[] {10, 20, 40, 80, 160, 320, 600, 600}) {
      assertThat(untilDue()).isEqualTo(pause);
    }
  }

  @Test
  @DisplayName("CP-176, CP-256 the next update waits for the acknowledgement, and begins with 10 s")
  void shouldBeginAnew() {
    stream.add(status(TaskState.TASK_RUNNING));
    stream.add(status(TaskState.TASK_FINISHED));
    untilDue();
    untilDue();
    assertThat(stream.due(now + 1)).isNull();
    assertThat(stream.acknowledge(ByteString.copyFromUtf8("other"))).isNull();
    stream.acknowledge(ByteString.copyFromUtf8("TASK_RUNNING"));
    assertThat(stream.due(now).getState()).isEqualTo(TaskState.TASK_FINISHED);
    assertThat(untilDue()).isEqualTo(10);
    stream.acknowledge(ByteString.copyFromUtf8("TASK_FINISHED"));
    assertThat(stream.isEmpty()).isTrue();
  }
}
