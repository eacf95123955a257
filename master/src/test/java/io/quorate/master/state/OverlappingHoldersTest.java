package io.quorate.master.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.master.event.Event;
import io.quorate.master.event.TaskGroupLaunched;
import io.quorate.master.event.TaskStatusUpdated;
import io.quorate.master.state.id.AgentId;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskGroupInfo;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** A log of release 0.1 may hold a group of which two tasks have the same port (issue 12, 0). */
class OverlappingHoldersTest {
  private static final AgentId AGENT = new AgentId("c-S0");
  private static final Resources PORT = Resources.of(ResourceText.parse("ports:[31000-31000]"));
  private final ArbitraryStates cluster = new ArbitraryStates(0);

  @BeforeEach
  void twoTasksHaveOnePort() {
    cluster.happens(
        Event.newBuilder()
            .setTaskGroupLaunched(
                TaskGroupLaunched.newBuilder()
                    .setFrameworkId("c-0000")
                    .setExecutorInfo(
                        ExecutorInfo.newBuilder()
                            .setExecutorId(ExecutorID.newBuilder().setValue("e")))
                    .setTaskGroup(
                        TaskGroupInfo.newBuilder().addTasks(task("one")).addTasks(task("two"))))
            .build());
  }

  private static TaskInfo task(String id) {
    List<Resource> resources = ResourceText.parse("cpus:1;ports:[31000-31000]");
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue(AGENT.value()))
        .addAllResources(Resources.of(resources).allocatedTo("r").toProtos())
        .build();
  }

  private void ends(String task) {
    cluster.happens(
        Event.newBuilder()
            .setTaskStatusUpdated(
                TaskStatusUpdated.newBuilder()
                    .setFrameworkId("c-0000")
                    .setLatestState(TaskState.TASK_FINISHED)
                    .setStatus(
                        TaskStatus.newBuilder()
                            .setTaskId(TaskID.newBuilder().setValue(task))
                            .setState(TaskState.TASK_FINISHED)))
            .build());
  }

  private Resources used() {
    assertThat(cluster.restored()).as("the state that was stored").isEqualTo(cluster.state());
    return cluster.state().agents().get(AGENT).used();
  }

  @Test
  @DisplayName("the port stays taken while one of the two tasks holds it")
  void shouldKeepWhatTheOtherHolds() {
    // when
    ends("one");
    // then
    assertThat(used()).isEqualTo(Resources.of(ResourceText.parse("cpus:1")).plus(PORT));
  }

  @Test
  @DisplayName("the port is free when both tasks ended")
  void shouldFreeWhatNobodyHolds() {
    // when
    ends("one");
    ends("two");
    // then
    assertThat(used()).isEqualTo(Resources.EMPTY);
  }
}
