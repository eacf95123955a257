package io.quorate.agent.docker;

import io.quorate.agent.docker.request.ContainerLabels;
import io.quorate.agent.docker.request.ContainerSpec;
import io.quorate.agent.docker.request.CreateRequest;
import io.quorate.agent.docker.request.CreateRequests;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.flags.DockerSettings;
import io.quorate.agent.folder.HeldFolder;
import io.quorate.agent.isolate.ContainerResources;
import io.quorate.agent.task.Containerizer;
import io.quorate.agent.task.Launcher;
import io.quorate.agent.task.Layout;
import io.quorate.agent.task.TaskProcess;
import io.quorate.protocol.v1.ContainerInfo;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Launches containers of Docker and takes them up again. Every wait for the daemon is on a thread
 * of its own pools: a daemon that hangs delays its own containers and nothing else.
 */
public final class DockerLauncher implements Containerizer {
  private static final Logger LOG = LoggerFactory.getLogger(DockerLauncher.class);
  private static final int SIGNALLERS = 4;
  private static final int LOGINS_BYTES_MAX = 1 << 20;

  private final boolean quota;
  private final Layout layout;
  private final Consumer<Runnable> core;
  private final DockerEngine engine;
  private final RegistryLogins logins;
  private final ExecutorService launchers;
  private final ExecutorService signallers;
  private final Set<String> signalsUnderway = ConcurrentHashMap.newKeySet();

  /**
   * Makes one; the daemon need not be there.
   *
   * @param core runs things on the core thread
   * @throws IOException if the logins of registries cannot be read
   */
  public DockerLauncher(AgentSettings settings, Layout layout, Consumer<Runnable> core)
      throws IOException {
    this.quota = settings.isolation().cfs();
    this.layout = layout;
    this.core = core;
    this.engine = engine(settings.docker());
    Optional<String> config = settings.docker().config();
    try {
      this.logins = config.isPresent() ? RegistryLogins.read(config.get()) : RegistryLogins.none();
    } catch (IOException e) {
      throw new IOException("--docker_config: " + e.getMessage(), e);
    }
    this.launchers =
        Executors.newFixedThreadPool(settings.docker().launchesMax(), DockerLauncher::thread);
    this.signallers = Executors.newFixedThreadPool(SIGNALLERS, DockerLauncher::thread);
  }

  static DockerEngine engine(DockerSettings settings) {
    return new DockerEngine(
        new EngineClient(settings.socket(), settings.callTimeout(), settings.stallTimeout()));
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "docker-call");
    thread.setDaemon(true);
    return thread;
  }

  private DockerMarks marks(String container) {
    return new DockerMarks(layout.files(container));
  }

  /** Whose containers' ends were not seen yet: they are followed from now on. */
  public void recover(Iterable<String> containers) {
    for (String container : containers) {
      DockerMarks marks = marks(container);
      Optional<Path> sandbox = marks.sandbox();
      if (sandbox.isPresent() && marks.started() && !marks.over()) {
        follow(container, sandbox.get(), () -> {});
      }
    }
  }

  private void follow(String container, Path sandbox, Runnable ended) {
    new ContainerFollower(engine, container, marks(container), () -> layout.held(sandbox), ended)
        .start();
  }

  @Override
  public boolean takes(Launcher.Plan plan) {
    return plan.container()
        .filter(ContainerInfo::hasType)
        .filter(info -> info.getType() == ContainerInfo.Type.DOCKER)
        .isPresent();
  }

  @Override
  public boolean holds(String container) {
    return marks(container).there();
  }

  @Override
  public TaskProcess process(Layout.Run run) {
    return new DockerProcess(run, marks(run.container()), this::signal);
  }

  // -- Launching --------------------------------------------------------------------------------

  @Override
  public void launch(Launcher.Plan plan, Launcher.Outcome outcome, Launcher.Launch launch) {
    launchers.execute(
        () -> {
          try {
            start(plan, outcome, launch);
          } catch (IOException | RuntimeException e) {
            String container = plan.place().container();
            if (launch.isCancelled()) {
              core.accept(outcome::cancelled);
              return;
            }
            String why = e.getMessage() == null ? e.toString() : e.getMessage();
            LOG.info("Container {} was not started: {}", container, why);
            core.accept(() -> outcome.failed("Failed to launch: " + why));
          }
        });
  }

  private void start(Launcher.Plan plan, Launcher.Outcome outcome, Launcher.Launch launch)
      throws IOException {
    String name = ContainerLabels.name(plan.place().container());
    DockerMarks marks = marks(plan.place().container());
    Optional<InspectedContainer> container = own(plan, engine.inspect(name));
    if (container.isEmpty() || container.get().onlyCreated()) {
      if (launch.isCancelled()) {
        removeQuietly(name);
        core.accept(outcome::cancelled);
        return;
      }
      if (container.isEmpty()) {
        create(plan, name, launch);
      }
      marks.begin(plan.place().sandbox());
      if (launch.isCancelled()) {
        removeQuietly(name);
        core.accept(outcome::cancelled);
        return;
      }
      try {
        engine.start(name);
      } catch (EngineClient.Refusal e) {
        removeQuietly(name);
        throw e;
      }
      container = engine.inspect(name);
    }
    marks.begin(plan.place().sandbox());
    marks.start(
        container.orElseThrow(() -> new IOException("the container is not there any more")));
    core.accept(outcome::started);
    follow(plan.place().container(), plan.place().sandbox(), () -> core.accept(outcome::ended));
  }

  /** What an earlier process of this agent made for this run; somebody else's is not touched. */
  private static Optional<InspectedContainer> own(
      Launcher.Plan plan, Optional<InspectedContainer> there) throws IOException {
    if (there.isPresent() && !there.get().label(ContainerLabels.AGENT).equals(plan.agent())) {
      throw new IOException(
          "a container of the name "
              + ContainerLabels.name(plan.place().container())
              + " is there that is not this agent's");
    }
    return there;
  }

  private void removeQuietly(String name) {
    try {
      engine.remove(name);
    } catch (IOException e) {
      LOG.warn("Container {} is left to be removed later: {}", name, e.getMessage());
    }
  }

  private void create(Launcher.Plan plan, String name, Launcher.Launch launch) throws IOException {
    ContainerInfo info = plan.container().orElseThrow();
    CreateRequest request =
        CreateRequests.of(
            new ContainerSpec(
                plan.place().container(),
                CreateRequests.labels(
                    plan.agent(),
                    plan.place().container(),
                    plan.framework().getId().getValue(),
                    plan.run().executor().executor(),
                    plan.run().task()),
                info,
                plan.command(),
                plan.resources(),
                plan.unit().resources(),
                quota,
                plan.environment(),
                plan.place().sandbox(),
                layout::volume));
    makeFolders(plan, info);
    boolean always = request.pullAlways().orElse(info.getDocker().getForcePullImage());
    if (always || !engine.hasImage(request.image())) {
      pull(plan, request, launch);
    }
    if (launch.isCancelled()) {
      throw new IOException("it was cancelled");
    }
    engine.create(name, request);
  }

  private void pull(Launcher.Plan plan, CreateRequest request, Launcher.Launch launch)
      throws IOException {
    ImageName image = ImageName.of(request.image());
    Optional<String> login = ownLogins(plan).login(image).or(() -> logins.login(image));
    LOG.info("Container {} waits for image {}", plan.place().container(), request.image());
    try {
      engine.pull(request.image(), request.platform(), login, launch::underway);
    } catch (IOException | RuntimeException e) {
      throw new IOException(
          "the image '" + request.image() + "' cannot be pulled: " + e.getMessage(), e);
    }
  }

  /** Those that a URI of the task brought, which is how Mesos's users log in to registries. */
  private RegistryLogins ownLogins(Launcher.Plan plan) throws IOException {
    try (HeldFolder sandbox = layout.held(plan.place().sandbox())) {
      if (sandbox.entry(".docker").isPresent()) {
        try (HeldFolder folder = sandbox.folder(".docker")) {
          if (folder.entry("config.json").isPresent()) {
            return logins(folder, "config.json");
          }
        }
      }
      return sandbox.entry(".dockercfg").isPresent()
          ? logins(sandbox, ".dockercfg")
          : RegistryLogins.none();
    }
  }

  private static RegistryLogins logins(HeldFolder folder, String name) throws IOException {
    try (FileChannel file = folder.file(name)) {
      if (file.size() > LOGINS_BYTES_MAX) {
        throw new IOException("the sandbox's " + name + " is larger than " + LOGINS_BYTES_MAX);
      }
      byte[] bytes = Channels.newInputStream(file).readNBytes(LOGINS_BYTES_MAX);
      return RegistryLogins.read(new String(bytes, StandardCharsets.UTF_8));
    }
  }

  /** What is mounted from the sandbox is there before, and is its owner's. */
  private void makeFolders(Launcher.Plan plan, ContainerInfo info) throws IOException {
    for (Path path : CreateRequests.sandboxFolders(info)) {
      HeldFolder folder = layout.held(plan.place().sandbox());
      try {
        for (Path name : path) {
          HeldFolder next = makeFolder(folder, name.toString());
          folder.close();
          folder = next;
        }
      } finally {
        folder.close();
      }
    }
  }

  private static HeldFolder makeFolder(HeldFolder folder, String name) throws IOException {
    boolean fresh = folder.entry(name).isEmpty();
    HeldFolder made = folder.makeFolder(name, Optional.empty());
    if (fresh) {
      made.ownAs(folder);
    }
    return made;
  }

  // -- Ending -----------------------------------------------------------------------------------

  /** Changes what a container may use; what comes of it is in the log. */
  void update(String container, ContainerResources amounts) {
    signallers.execute(
        () -> {
          try {
            engine.update(ContainerLabels.name(container), amounts, quota);
          } catch (IOException | RuntimeException e) {
            LOG.warn("Container {} keeps the limits that it had: {}", container, e.getMessage());
          }
        });
  }

  /** Sends TERM, which means the signal that the image asks for, or KILL; one at a time. */
  private void signal(String container, String signal) {
    String key = container + "/" + signal;
    if (signalsUnderway.add(key)) {
      signallers.execute(
          () -> {
            try {
              send(ContainerLabels.name(container), signal);
            } catch (IOException | RuntimeException e) {
              LOG.warn("Container {} gets no SIG{}: {}", container, signal, e.getMessage());
            } finally {
              signalsUnderway.remove(key);
            }
          });
    }
  }

  private void send(String name, String signal) throws IOException {
    if (signal.equals("KILL")) {
      engine.kill(name, "SIGKILL");
      return;
    }
    Optional<InspectedContainer> container = engine.inspect(name);
    if (container.isPresent() && !container.get().over()) {
      engine.kill(name, container.get().stopSignal());
    }
  }
}
