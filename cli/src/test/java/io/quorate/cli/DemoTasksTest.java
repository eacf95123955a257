package io.quorate.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.protocol.v1.TaskState;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class DemoTasksTest {
  private static final int UPDATES = 5_000;

  private final DemoTasks tasks = new DemoTasks();

  @Test
  @DisplayName("tasks are counted while the framework's thread adds what it is told")
  void shouldBeReadWhileAnotherThreadAdds() {
    // given
    CompletableFuture<Void> adding =
        CompletableFuture.runAsync(
            () -> {
              for (int i = 0; i < UPDATES; i++) {
                tasks.told("demo-" + i % 2, TaskState.TASK_RUNNING);
              }
            });

    // when
    long overMost = 0;
    while (!adding.isDone()) {
      overMost = Math.max(overMost, tasks.over());
    }

    // then
    adding.join();
    assertThat(overMost).isZero();
    assertThat(tasks.running()).isEqualTo(2);
  }

  @Test
  @DisplayName("a task runs by the latest state, and is over by any terminal one")
  void shouldCountByWhatWasTold() {
    // given
    tasks.told("demo-0", TaskState.TASK_STARTING);
    tasks.told("demo-0", TaskState.TASK_RUNNING);
    tasks.told("demo-1", TaskState.TASK_RUNNING);

    // when
    tasks.told("demo-1", TaskState.TASK_FINISHED);

    // then
    assertThat(tasks.running()).isEqualTo(1);
    assertThat(tasks.over()).isEqualTo(1);
    assertThat(tasks.states("demo-1"))
        .isEqualTo(List.of(TaskState.TASK_RUNNING, TaskState.TASK_FINISHED));
  }
}
