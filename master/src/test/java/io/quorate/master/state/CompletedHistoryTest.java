package io.quorate.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.TaskKey;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CompletedHistoryTest {
  private static final FrameworkId FRAMEWORK = new FrameworkId("f");
  private static final AgentId AGENT = new AgentId("a");
  private final StoredRows rows = new StoredRows();
  private MasterState state = MasterState.EMPTY;

  @BeforeEach
  void frameworkAndAgent() {
    FrameworkInfo info = FrameworkInfo.newBuilder().setUser("u").setName("f").build();
    AgentInfo agent = AgentInfo.newBuilder().setHostname("h").build();
    state =
        state.subscribed(FRAMEWORK, info, "s", Framework.Wishes.NONE).registered(AGENT, agent, "r");
    commit();
  }

  private void commit() {
    state = rows.store(state);
  }

  private void complete(int number) {
    TaskInfo task =
        TaskInfo.newBuilder()
            .setName("t")
            .setTaskId(TaskID.newBuilder().setValue("t" + number))
            .setAgentId(AgentID.newBuilder().setValue(AGENT.value()))
            .addAllResources(ResourceText.parse("cpus:1"))
            .build();
    state = state.launched(FRAMEWORK, task).completed(new TaskKey(FRAMEWORK, "t" + number));
    commit();
  }

  private List<String> kept() {
    return new CompletedHistory(rows)
        .completedTasks(state, state.frameworks().get(FRAMEWORK)).stream()
            .map(task -> task.key().taskId())
            .toList();
  }

  @Test
  @DisplayName("CP-118 the last 1000 completed tasks of a framework are kept, on disk")
  void shouldKeepTheLast() {
    int kept = MasterState.COMPLETED_TASKS_MAX;
    for (int i = 0; i < kept + 3; i++) {
      complete(i);
    }
    assertThat(kept()).hasSize(kept).startsWith("t3").endsWith("t" + (kept + 2));
    assertThat(rows.restore()).isEqualTo(state);
    assertThat(rows.restore().firstCompletedTask(FRAMEWORK)).isEqualTo(3);
  }

  @Test
  @DisplayName("CP-117 the last 50 completed frameworks are kept, with their tasks and no others")
  void shouldKeepTheLastFrameworks() {
    complete(0);
    state = state.removed(FRAMEWORK, 1, MasterState.COMPLETED_FRAMEWORKS_MAX);
    commit();
    FrameworkInfo info = FrameworkInfo.newBuilder().setUser("u").setName("g").build();
    for (int i = 0; i < MasterState.COMPLETED_FRAMEWORKS_MAX; i++) {
      assertThat(rows.table("completed_tasks")).hasSize(1);
      FrameworkId id = new FrameworkId("g" + i);
      state =
          state
              .subscribed(id, info, "s", Framework.Wishes.NONE)
              .removed(id, 2, MasterState.COMPLETED_FRAMEWORKS_MAX);
      commit();
    }
    assertThat(completed())
        .hasSize(MasterState.COMPLETED_FRAMEWORKS_MAX)
        .startsWith("g0")
        .endsWith("g" + (MasterState.COMPLETED_FRAMEWORKS_MAX - 1));
    assertThat(state.removed(FRAMEWORK)).isFalse();
    assertThat(rows.table("completed_tasks")).isEmpty();
    assertThat(rows.restore()).isEqualTo(state);
  }

  private List<String> completed() {
    return new CompletedHistory(rows)
        .completedFrameworks(state).stream().map(framework -> framework.id().value()).toList();
  }

  @Test
  @DisplayName("CP-117 with another bound the history shrinks to it, or is none at all")
  void shouldKeepFewer() {
    FrameworkInfo info = FrameworkInfo.newBuilder().setUser("u").setName("g").build();
    for (int i = 0; i < 5; i++) {
      FrameworkId id = new FrameworkId("g" + i);
      state = state.subscribed(id, info, "s", Framework.Wishes.NONE).removed(id, 2, 50);
      commit();
    }
    assertThat(completed()).containsExactly("g0", "g1", "g2", "g3", "g4");
    MasterState before = state;
    complete(0);
    state = state.removed(FRAMEWORK, 3, 2);
    commit();
    assertThat(completed()).containsExactly("g4", "f");
    assertThat(rows.table("completed_frameworks")).hasSize(2);
    assertThat(state.removed(new FrameworkId("g3"))).isFalse();
    // Who looks at an older state sees what is left of its history, and nothing newer.
    assertThat(new CompletedHistory(rows).completedFrameworks(before))
        .extracting(framework -> framework.id().value())
        .containsExactly("g4");
    assertThat(rows.restore()).isEqualTo(state);

    FrameworkId last = new FrameworkId("last");
    state = state.subscribed(last, info, "s", Framework.Wishes.NONE).removed(last, 4, 0);
    commit();
    assertThat(completed()).isEmpty();
    assertThat(rows.table("completed_frameworks")).isEmpty();
    assertThat(rows.table("completed_tasks")).isEmpty();
    assertThat(rows.restore()).isEqualTo(state);
  }
}
