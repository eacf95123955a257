package io.quorate.agent.task;

import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.folder.HeldFolder;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.RunId;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.nio.file.Path;

/** Where things are below the work_dir: sandboxes as in Mesos (4.5, 4.8). */
public record Layout(Path workDir) {
  /**
   * A run has these places.
   *
   * @param container its id
   * @param files what its supervisor leaves for the agent
   * @param sandbox its working directory
   * @param link leads to the sandbox
   */
  public record Run(String container, Path files, Path sandbox, Path link) {}

  public static Layout of(AgentSettings settings) {
    return new Layout(settings.workDir().toAbsolutePath());
  }

  /** Returns the folder of the agent itself. */
  public Path meta() {
    return workDir.resolve("meta");
  }

  /** Returns the folder of all sandboxes, of this agent and of those before it. */
  public Path sandboxes() {
    return workDir.resolve("slaves");
  }

  /** Where a run of an agent has its files; a link leads to its sandbox. */
  public Run run(String agent, RunId run) {
    String container = run.container(agent);
    return run.nested()
        ? nested(agent, run.executor(), run.rootContainer(agent), run.task(), container)
        : outer(agent, run.executor(), container);
  }

  /** One run of an executor; {@code latest} leads to its sandbox. */
  private Run outer(String agent, ExecutorId executor, String container) {
    Path runs = runs(agent, executor);
    return new Run(container, files(container), runs.resolve(container), runs.resolve("latest"));
  }

  /** A task inside an executor's run; {@code tasks/<id>} leads to its sandbox. */
  private Run nested(
      String agent, ExecutorId executor, String parent, String task, String container) {
    Path outer = runs(agent, executor).resolve(parent);
    return new Run(
        container,
        files(container),
        outer.resolve("containers").resolve(container),
        outer.resolve("tasks").resolve(FileNames.of(task)));
  }

  private Path runs(String agent, ExecutorId executor) {
    return sandboxes()
        .resolve(agent)
        .resolve("frameworks")
        .resolve(FileNames.of(executor.framework()))
        .resolve("executors")
        .resolve(FileNames.of(executor.executor()))
        .resolve("runs");
  }

  /**
   * Opens a sandbox, or a folder that is to be in one, without following a link on the way.
   *
   * @throws IOException if it is not there
   */
  public HeldFolder held(Path sandbox) throws IOException {
    HeldFolder folder = HeldFolder.open(sandboxes());
    for (Path name : sandboxes().relativize(sandbox)) {
      try (HeldFolder parent = folder) {
        folder = parent.folder(name.toString());
      }
    }
    return folder;
  }

  /** Where the files of all runs are. */
  Path runs() {
    return meta().resolve("runs");
  }

  /** Returns the folder in which the supervisor leaves files for the agent. */
  public Path files(String container) {
    return runs().resolve(container);
  }

  /**
   * Returns the folder of a persistent volume, by its role and id as in Mesos; a role's slashes
   * become spaces.
   */
  public Path volume(Resource volume) {
    int depth = volume.getReservationsCount();
    String role = depth == 0 ? "*" : volume.getReservations(depth - 1).getRole();
    return workDir
        .resolve("volumes")
        .resolve("roles")
        .resolve(FileNames.of(role.replace('/', ' ')))
        .resolve(FileNames.of(volume.getDisk().getPersistence().getId()));
  }
}
