package io.quorate.agent.task;

import io.quorate.protocol.v1.Resource;
import java.nio.file.Path;

/** Where things are below the work_dir: sandboxes as in Mesos (4.5). */
public record Layout(Path workDir) {

  /** Of the agent itself. */
  public Path meta() {
    return workDir.resolve("meta");
  }

  /** The sandbox of one run. */
  public Path sandbox(String agent, TaskId task, String container) {
    return runs(agent, task).resolve(container);
  }

  /** All runs of a task; {@code latest} among them. */
  public Path runs(String agent, TaskId task) {
    return workDir
        .resolve("slaves")
        .resolve(agent)
        .resolve("frameworks")
        .resolve(task.framework())
        .resolve("executors")
        .resolve(task.task())
        .resolve("runs");
  }

  /** What the supervisor leaves for the agent. */
  public Path run(String container) {
    return meta().resolve("runs").resolve(container);
  }

  /** Of a persistent volume, by its role and id as in Mesos; a role's slashes become spaces. */
  public Path volume(Resource volume) {
    int depth = volume.getReservationsCount();
    String role = depth == 0 ? "*" : volume.getReservations(depth - 1).getRole();
    return workDir
        .resolve("volumes")
        .resolve("roles")
        .resolve(role.replace('/', ' '))
        .resolve(volume.getDisk().getPersistence().getId());
  }
}
