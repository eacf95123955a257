package io.quorate.master.state;

import io.quorate.log.RowReader;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import java.util.ArrayList;
import java.util.List;

/**
 * Completed frameworks and tasks: on disk, not in the state. What is read fits a given state, but
 * that the oldest ones may have been dropped since.
 */
public final class History {
  private final RowReader rows;

  public History(RowReader rows) {
    this.rows = rows;
  }

  /** The frameworks that are over and kept, oldest first. */
  public List<Framework> completedFrameworks(MasterState state) {
    List<Framework> frameworks = new ArrayList<>();
    Tables.completedFrameworks(
        rows, state.firstCompletedFramework(), state.endOfCompletedFrameworks(), frameworks::add);
    return frameworks;
  }

  /** The completed tasks of a framework, live or completed itself, that are kept; oldest first. */
  public List<Task> completedTasks(MasterState state, Framework framework) {
    List<Task> tasks = new ArrayList<>();
    Tables.completedTasks(
        rows,
        framework.id(),
        state.firstCompletedTask(framework.id()),
        framework.nextCompletedTask(),
        tasks::add);
    return tasks;
  }
}
