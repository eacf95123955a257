package io.quorate.agent.task;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ExecutorInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class TaskRunnerTest {
  private static final AgentSettings SETTINGS =
      new AgentSettings(
          List.of(),
          "127.0.0.1",
          0,
          "h",
          Path.of("work"),
          List.of(),
          List.of(),
          Optional.empty(),
          false,
          Optional.empty(),
          1,
          1,
          null,
          null,
          null,
          null);

  private final List<AgentTask> tasks = new ArrayList<>();

  /** Of those that ended, by the path of the sandbox; nothing else runs. */
  private final Map<Path, Integer> exits = new TreeMap<>();

  private final Layout layout = Layout.of(SETTINGS);
  private final TaskRunner runner =
      new TaskRunner(
          SETTINGS,
          layout,
          new Agent(),
          new Machine(),
          null,
          null,
          new Statuses(SETTINGS, Sources.system(), () -> "S0"));

  private final class Agent implements Host {
    @Override
    public void post(Runnable event) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Sources sources() {
      return Sources.system();
    }

    @Override
    public List<AgentTask> tasks() {
      return tasks;
    }

    @Override
    public Optional<AgentTask> task(TaskId id) {
      return tasks.stream().filter(each -> each.id.equals(id)).findFirst();
    }

    @Override
    public void record(JournalRecord record, Runnable safe) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void update(AgentTask task, TaskStatus.Builder status, Runnable safe) {
      if (!task.terminal()) {
        task.updates.add(status.setUuid(sources().uuid()).build());
      }
    }

    @Override
    public void say(ExecutorId executor, ByteString data) {
      throw new UnsupportedOperationException();
    }
  }

  private final class Machine implements Launcher {
    @Override
    public TaskProcess process(Layout.Run run) {
      return new Ended(run);
    }

    @Override
    public void launch(Plan plan, Outcome outcome, Launch launch) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void mount(
        TaskProcess process,
        FrameworkInfo framework,
        CommandInfo command,
        List<Resource> resources) {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> lower(CommandInfo command, FrameworkInfo framework) {
      return List.of();
    }

    @Override
    public void sweep(TaskProcess process) {}

    @Override
    public void touch(TaskProcess process) {}

    @Override
    public void forget(TaskProcess process) {}
  }

  private final class Ended implements TaskProcess {
    private final Layout.Run run;

    Ended(Layout.Run run) {
      this.run = run;
    }

    @Override
    public String container() {
      return run.container();
    }

    @Override
    public Path sandbox() {
      return run.sandbox();
    }

    @Override
    public boolean started() {
      return exits.containsKey(run.link());
    }

    @Override
    public Optional<Integer> exitStatus() {
      return Optional.ofNullable(exits.get(run.link()));
    }

    @Override
    public boolean supervised() {
      return false;
    }

    @Override
    public Optional<Long> supervisorPid() {
      return Optional.empty();
    }

    @Override
    public void signal(String name) {}
  }

  /** One of a group. */
  private AgentTask task(String name) {
    TaskInfo.Builder info =
        TaskInfo.newBuilder().setName(name).setCommand(CommandInfo.newBuilder().setValue("true"));
    info.getTaskIdBuilder().setValue(name);
    info.getAgentIdBuilder().setValue("S0");
    info.getExecutorBuilder()
        .setType(ExecutorInfo.Type.DEFAULT)
        .getExecutorIdBuilder()
        .setValue("d");
    Command.Builder command = Command.newBuilder().setNumber(1);
    command.getLaunchBuilder().setTaskInfo(info).getFrameworkInfoBuilder().setUser("u").setName("");
    AgentTask task = new AgentTask(new TaskId("F", name), command.build());
    task.grouped = true;
    task.parent = "parent";
    tasks.add(task);
    return task;
  }

  private void ended(String task, int status) {
    Layout.Run run = layout.nested("S0", new ExecutorId("F", "d"), "parent", task, "any");
    exits.put(run.link(), status);
  }

  private void recover() {
    runner.identified("S0");
    runner.recover(List.copyOf(tasks));
  }

  @Test
  @DisplayName("who ended by itself was not killed with its group, though nobody saw it")
  void shouldTellTheEndThatWas() {
    AgentTask failed = task("failed");
    AgentTask finished = task("finished");
    ended("failed", 1);
    ended("finished", 0);
    recover();
    assertThat(failed.updates.latest()).isEqualTo(TaskState.TASK_FAILED);
    assertThat(finished.updates.latest()).isEqualTo(TaskState.TASK_FINISHED);
  }

  @Test
  @DisplayName("who was never started is killed with its group")
  void shouldEndWhatNeverBegan() {
    task("failed");
    AgentTask waiting = task("waiting");
    ended("failed", 1);
    recover();
    assertThat(waiting.updates.latest()).isEqualTo(TaskState.TASK_KILLED);
  }
}
