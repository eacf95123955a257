package io.quorate.master.state.entity;

import io.quorate.master.state.id.FrameworkId;

/**
 * What the state keeps in memory of a framework that is over; the rest is on disk.
 *
 * @param tasksEnd the number after that of its last completed task
 */
public record CompletedFramework(FrameworkId id, long tasksEnd) {
  public static CompletedFramework of(Framework framework) {
    return new CompletedFramework(framework.id(), framework.nextCompletedTask());
  }
}
