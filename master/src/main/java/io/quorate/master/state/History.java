package io.quorate.master.state;

import io.quorate.log.RowReader;
import java.util.ArrayList;
import java.util.List;

/**
 * Completed tasks: on disk, not in the state. What is read fits a given state, but that the oldest
 * ones may have been dropped since.
 */
public final class History {
  private final RowReader rows;

  public History(RowReader rows) {
    this.rows = rows;
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
