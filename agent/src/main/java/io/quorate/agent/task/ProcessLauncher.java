package io.quorate.agent.task;

import io.quorate.agent.fetch.FetchException;
import io.quorate.agent.fetch.Fetcher;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.Isolator;
import io.quorate.agent.supervise.Marks;
import io.quorate.agent.supervise.Order;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.supervise.Supervisor;
import io.quorate.agent.supervise.SystemUsers;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares sandboxes and starts what runs in them, each under a supervisor of its own session, on a
 * few threads: the core never waits for it, nor does a start for what others fetch.
 */
public final class ProcessLauncher implements Launcher {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessLauncher.class);

  private final AgentSettings settings;
  private final Layout layout;
  private final Consumer<Runnable> core;
  private final Isolator isolator;
  private final Supervisor supervisor;
  private final Containerizer docker;
  private final ExecutorService starters;
  private final ExecutorService fetchers;
  private final Fetcher fetcher;
  private final boolean root = "root".equals(System.getProperty("user.name"));

  /**
   * Makes one.
   *
   * @param core runs things on the core thread
   * @param supervisor what it starts processes by
   * @param docker what runs what is no process of the agent's
   * @throws IOException if the cache of the fetcher cannot be used
   */
  public ProcessLauncher(
      AgentSettings settings,
      Layout layout,
      Consumer<Runnable> core,
      Isolator isolator,
      Supervisor supervisor,
      Containerizer docker)
      throws IOException {
    this.isolator = isolator;
    this.docker = docker;
    this.settings = settings;
    this.layout = layout;
    this.core = core;
    this.supervisor = supervisor;
    this.starters = Executors.newFixedThreadPool(settings.startsMax(), ProcessLauncher::thread);
    this.fetchers =
        Executors.newFixedThreadPool(settings.fetch().fetchesMax(), ProcessLauncher::thread);
    this.fetcher = new Fetcher(settings.fetch(), supervisor);
  }

  private static Thread thread(Runnable task) {
    Thread starter = new Thread(task, "task-starter");
    starter.setDaemon(true);
    return starter;
  }

  @Override
  public TaskProcess process(Layout.Run run) {
    return docker.holds(run.container()) ? docker.process(run) : new SupervisedProcess(run);
  }

  @Override
  public void launch(Plan plan, Outcome outcome, Launch launch) {
    String containerizer = docker.takes(plan) ? "docker" : "mesos";
    if (!settings.docker().containerizers().contains(containerizer)) {
      String enabled = String.join(", ", settings.docker().containerizers());
      core.accept(
          () ->
              outcome.failed(
                  "Failed to launch: None of the enabled containerizers ("
                      + enabled
                      + ") could create a container: it takes '"
                      + containerizer
                      + "' among the agent's --containerizers"));
      return;
    }
    if (plan.command().getUrisCount() == 0) {
      starters.execute(() -> guarded(plan, outcome, () -> start(plan, launch, outcome)));
    } else {
      // Others may fetch for long before it is its turn: a kill does not wait for them.
      launch.awaits(() -> core.accept(outcome::cancelled));
      fetchers.execute(
          () -> {
            if (launch.begins()) {
              guarded(plan, outcome, () -> fetchAndStart(plan, launch, outcome));
            }
          });
    }
  }

  private void fetchAndStart(Plan plan, Launch launch, Outcome outcome) throws IOException {
    fetch(plan, launch);
    starters.execute(() -> guarded(plan, outcome, () -> start(plan, launch, outcome)));
  }

  /** A step is what may fail. */
  private interface Step {
    void take() throws IOException;
  }

  private void guarded(Plan plan, Outcome outcome, Step step) {
    try {
      step.take();
    } catch (FetchException e) {
      LOG.info("Container {}: {}", plan.process().container(), e.getMessage());
      core.accept(() -> outcome.failed(e.getMessage()));
    } catch (IOException | RuntimeException e) {
      LOG.info("Container {} was not started", plan.process().container(), e);
      String why = e.getMessage() == null ? e.toString() : e.getMessage();
      core.accept(() -> outcome.failed("Failed to launch: " + why));
    }
  }

  private void fetch(Plan plan, Launch launch) throws IOException {
    if (launch.isCancelled()) {
      return;
    }
    Rights rights = rights(plan.command(), plan.framework());
    new SupervisedProcess(plan.place()).prepare(rights);
    try {
      fetcher.fetch(
          plan.command().getUrisList(), plan.process().sandbox(), rights, launch::isCancelled);
    } catch (FetchException e) {
      if (!launch.isCancelled()) {
        throw e;
      }
    }
  }

  private void start(Plan plan, Launch launch, Outcome outcome) throws IOException {
    if (launch.isCancelled()) {
      core.accept(outcome::cancelled);
      return;
    }
    Rights rights = rights(plan.command(), plan.framework());
    SupervisedProcess process = new SupervisedProcess(plan.place());
    process.prepare(rights);
    if (docker.takes(plan)) {
      docker.launch(plan, outcome, launch);
      return;
    }
    mount(process, plan.framework(), plan.command(), plan.resources());
    Order order =
        Order.of(
                SupervisedProcess.program(plan.command()),
                SupervisedProcess.words(plan.command()),
                process.sandbox(),
                rights,
                plan.environment())
            .enter(isolator.prepare(plan.unit().id(), plan.unit().resources()));
    plan.timeMax().ifPresent(order::limit);
    Optional<Process> started = process.start(supervisor, order);
    core.accept(outcome::started);
    // One that an earlier process of the agent started is looked at now and then.
    started.ifPresent(running -> running.onExit().thenRun(() -> core.accept(outcome::ended)));
  }

  @Override
  public void mount(
      TaskProcess process, FrameworkInfo framework, CommandInfo command, List<Resource> resources)
      throws IOException {
    boolean volumes = resources.stream().anyMatch(resource -> resource.getDisk().hasPersistence());
    if (volumes && process.docker().isPresent()) {
      throw new IOException("a Docker container that runs gets no further persistent volumes");
    }
    VolumeDirectories.mount(layout, process.sandbox(), resources, user(command, framework));
  }

  @Override
  public Rights rights(CommandInfo command, FrameworkInfo framework) throws IOException {
    Optional<String> user = user(command, framework);
    return user.isPresent() ? SystemUsers.rights(user.get()) : Rights.OWN;
  }

  /** The user of the command, else of the framework; none where the agent is not root. */
  private Optional<String> user(CommandInfo command, FrameworkInfo framework) {
    String user = command.getUser().isEmpty() ? framework.getUser() : command.getUser();
    boolean own = user.isEmpty() || user.equals(System.getProperty("user.name"));
    return settings.switchUser() && root && !own ? Optional.of(user) : Optional.empty();
  }

  @Override
  public void sweep(TaskProcess process) {
    if (process instanceof SupervisedProcess supervised) {
      starters.execute(supervised::sweep);
    }
    touch(process);
  }

  @Override
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

  @Override
  public void forget(String container) {
    starters.execute(
        () -> {
          try {
            new Marks(layout.files(container)).forget();
          } catch (IOException e) {
            LOG.warn("The files of container {} stay: {}", container, e.toString());
          }
        });
  }

  @Override
  public List<String> containers() throws IOException {
    if (!Files.isDirectory(layout.runs())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(layout.runs())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }
}
