package io.quorate.agent.task;

import io.quorate.agent.settings.AgentSettings;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares sandboxes and starts what runs in them, each under a supervisor of its own session, on a
 * few threads: the core never waits for it.
 */
public final class Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

  private final AgentSettings settings;
  private final Layout layout;
  private final Host host;
  private final Path supervisor;
  private final ExecutorService starters;
  private final boolean root = "root".equals(System.getProperty("user.name"));

  public Launcher(AgentSettings settings, Layout layout, Host host) throws IOException {
    this.settings = settings;
    this.layout = layout;
    this.host = host;
    this.supervisor = layout.meta().resolve("supervise.sh");
    this.starters = Executors.newFixedThreadPool(settings.startsMax(), Launcher::thread);
    Files.createDirectories(layout.meta());
    try (InputStream script = TaskProcess.class.getResourceAsStream("supervise.sh")) {
      Files.copy(script, supervisor, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private static Thread thread(Runnable task) {
    Thread starter = new Thread(task, "task-starter");
    starter.setDaemon(true);
    return starter;
  }

  /**
   * What is to be started.
   *
   * @param resources whose volumes appear in the sandbox
   */
  public record Plan(
      TaskProcess process,
      FrameworkInfo framework,
      CommandInfo command,
      List<Resource> resources,
      Map<String, String> environment) {}

  /** What becomes of it. Core thread. */
  public interface Outcome {
    void started();

    /** It never ran; why is for the framework. */
    void failed(String why);

    /** Its supervisor ended: look at the exit status. Not called by a later agent process. */
    void ended();
  }

  /** Starts it, unless it was started before. */
  public void launch(Plan plan, Outcome outcome) {
    starters.execute(
        () -> {
          try {
            Optional<String> user = user(plan.command(), plan.framework());
            Volumes.mount(layout, plan.process().sandbox(), plan.resources(), user);
            Process process =
                plan.process().start(supervisor, plan.command(), user, plan.environment());
            host.post(outcome::started);
            process.onExit().thenRun(() -> host.post(outcome::ended));
          } catch (IOException | RuntimeException e) {
            LOG.info("Container {} was not started", plan.process().container(), e);
            host.post(() -> outcome.failed("Failed to launch: " + e.getMessage()));
          }
        });
  }

  /** The user of the command, else of the framework; none where the agent is not root. */
  private Optional<String> user(CommandInfo command, FrameworkInfo framework) {
    String user = command.hasUser() ? command.getUser() : framework.getUser();
    boolean own = user.isEmpty() || user.equals(System.getProperty("user.name"));
    return settings.switchUser() && root && !own ? Optional.of(user) : Optional.empty();
  }

  /** Ends what an ended container left behind. */
  public void sweep(TaskProcess process) {
    starters.execute(process::sweep);
  }

  /** The files of a run are of no more use; the sandbox stays. */
  public void forget(TaskProcess process) {
    starters.execute(
        () -> {
          try {
            process.forget();
          } catch (IOException e) {
            LOG.debug("The files of run {} stay", process.container(), e);
          }
        });
  }
}
