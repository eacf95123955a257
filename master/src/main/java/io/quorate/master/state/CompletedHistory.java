package io.quorate.master.state;

import io.quorate.log.RowReader;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.CompletedTaskKey;
import io.quorate.master.state.id.FrameworkId;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the completed frameworks and tasks, which are on disk and not in the state. What is read
 * fits a given state, but that the oldest ones may have been dropped since.
 */
public final class CompletedHistory {
  private final RowReader rows;

  /** Reads from these rows. */
  public CompletedHistory(RowReader rows) {
    this.rows = rows;
  }

  /** The frameworks that are over and kept, oldest first. */
  public List<Framework> completedFrameworks(MasterState state) {
    List<Framework> frameworks = new ArrayList<>();
    Tables.COMPLETED_FRAMEWORKS.read(
        rows, state.firstCompletedFramework(), state.endOfCompletedFrameworks(), frameworks::add);
    return frameworks;
  }

  /** The completed tasks of a framework, live or completed itself, that are kept; oldest first. */
  public List<Task> completedTasks(MasterState state, Framework framework) {
    List<Task> tasks = new ArrayList<>();
    FrameworkId id = framework.id();
    Tables.COMPLETED_TASKS.read(
        rows,
        new CompletedTaskKey(id, state.firstCompletedTask(id)),
        new CompletedTaskKey(id, framework.nextCompletedTask()),
        tasks::add);
    return tasks;
  }
}
