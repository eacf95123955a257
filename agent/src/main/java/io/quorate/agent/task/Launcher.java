package io.quorate.agent.task;

import io.quorate.agent.fetch.FetchException;
import io.quorate.agent.fetch.Fetcher;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.isolate.Unit;
import io.quorate.agent.settings.AgentSettings;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares sandboxes and starts what runs in them, each under a supervisor of its own session, on a
 * few threads: the core never waits for it, nor does a start for what others fetch.
 */
public final class Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(Launcher.class);

  private final AgentSettings settings;
  private final Layout layout;
  private final Host host;
  private final Isolator isolator;
  private final Path supervisor;
  private final ExecutorService starters;
  private final ExecutorService fetchers;
  private final Fetcher fetcher;
  private final boolean root = "root".equals(System.getProperty("user.name"));

  public Launcher(AgentSettings settings, Layout layout, Host host, Isolator isolator)
      throws IOException {
    this.isolator = isolator;
    this.settings = settings;
    this.layout = layout;
    this.host = host;
    this.supervisor = layout.meta().resolve("supervise.sh");
    this.starters = Executors.newFixedThreadPool(settings.startsMax(), Launcher::thread);
    this.fetchers = Executors.newFixedThreadPool(settings.fetch().fetchesMax(), Launcher::thread);
    this.fetcher = new Fetcher(settings.fetch());
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
   * @param unit what it is limited with
   */
  public record Plan(
      TaskProcess process,
      FrameworkInfo framework,
      CommandInfo command,
      List<Resource> resources,
      Map<String, String> environment,
      Unit unit) {}

  /** What becomes of it. Core thread. */
  public interface Outcome {
    void started();

    /** It never ran; why is for the framework. */
    void failed(String why);

    /** It was cancelled before it ran. */
    void cancelled();

    /** Its supervisor ended: look at the exit status. Not called by a later agent process. */
    void ended();
  }

  /** A launch underway. Any thread. */
  public static final class Launch {
    private volatile boolean cancelled;

    /** It does not have to begin; if it began already, it is not disturbed. */
    public void cancel() {
      cancelled = true;
    }

    private boolean isCancelled() {
      return cancelled;
    }
  }

  /** Fetches what it needs and starts it, unless it was started before. */
  public Launch launch(Plan plan, Outcome outcome) {
    Launch launch = new Launch();
    if (plan.command().getUrisCount() == 0) {
      starters.execute(() -> guarded(plan, outcome, () -> start(plan, launch, outcome)));
    } else {
      fetchers.execute(
          () ->
              guarded(
                  plan,
                  outcome,
                  () -> {
                    fetch(plan, launch);
                    starters.execute(
                        () -> guarded(plan, outcome, () -> start(plan, launch, outcome)));
                  }));
    }
    return launch;
  }

  /** What may fail. */
  private interface Step {
    void take() throws IOException;
  }

  private void guarded(Plan plan, Outcome outcome, Step step) {
    try {
      step.take();
    } catch (FetchException e) {
      LOG.info("Container {}: {}", plan.process().container(), e.getMessage());
      host.post(() -> outcome.failed(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      LOG.info("Container {} was not started", plan.process().container(), e);
      host.post(() -> outcome.failed("Failed to launch: " + e.getMessage()));
    }
  }

  private void fetch(Plan plan, Launch launch) throws IOException {
    if (launch.isCancelled()) {
      return;
    }
    Optional<String> user = user(plan.command(), plan.framework());
    plan.process().prepare(user);
    try {
      fetcher.fetch(
          plan.command().getUrisList(),
          plan.process().sandbox(),
          user,
          TaskProcess.lower(user),
          launch::isCancelled);
    } catch (FetchException e) {
      if (!launch.isCancelled()) {
        throw e;
      }
    }
  }

  private void start(Plan plan, Launch launch, Outcome outcome) throws IOException {
    if (launch.isCancelled()) {
      host.post(outcome::cancelled);
      return;
    }
    Optional<String> user = user(plan.command(), plan.framework());
    plan.process().prepare(user);
    mount(plan.process(), plan.framework(), plan.command(), plan.resources());
    plan.process().enter(isolator.prepare(plan.unit().id(), plan.unit().amounts()));
    Process process = plan.process().start(supervisor, plan.command(), user, plan.environment());
    host.post(outcome::started);
    process.onExit().thenRun(() -> host.post(outcome::ended));
  }

  /**
   * Links volumes into a sandbox that is there.
   *
   * @throws IOException if one is not there; the message is for the framework
   */
  public void mount(
      TaskProcess process, FrameworkInfo framework, CommandInfo command, List<Resource> resources)
      throws IOException {
    Volumes.mount(layout, process.sandbox(), resources, user(command, framework));
  }

  /** The user of the command, else of the framework; none where the agent is not root. */
  Optional<String> user(CommandInfo command, FrameworkInfo framework) {
    String user = command.hasUser() ? command.getUser() : framework.getUser();
    boolean own = user.isEmpty() || user.equals(System.getProperty("user.name"));
    return settings.switchUser() && root && !own ? Optional.of(user) : Optional.empty();
  }

  /** Ends what an ended container left behind. */
  public void sweep(TaskProcess process) {
    starters.execute(process::sweep);
    touch(process);
  }

  /** From now on its sandbox is old. */
  public void touch(TaskProcess process) {
    starters.execute(
        () -> {
          try {
            Files.setLastModifiedTime(
                process.sandbox(), FileTime.from(Clock.systemUTC().instant()));
          } catch (IOException e) {
            LOG.debug("The sandbox {} is not there", process.sandbox(), e);
          }
        });
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
