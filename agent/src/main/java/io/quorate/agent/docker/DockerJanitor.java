package io.quorate.agent.docker;

import io.quorate.agent.docker.request.ContainerLabels;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.flags.DockerSettings;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes what is left of this agent's containers: those that ended long ago, and those that run
 * though no task or executor of the agent is in them. Containers without the agent's label are
 * never looked at. It has a thread of its own.
 */
public final class DockerJanitor {
  private static final Logger LOG = LoggerFactory.getLogger(DockerJanitor.class);
  private static final long INTERVAL_SECONDS = 10;

  private final DockerSettings settings;
  private final DockerEngine engine;
  private final Supplier<String> agent;
  private final Supplier<Set<String>> running;

  /** When those that ended did, by their own ids. */
  private final Map<String, Instant> ended = new HashMap<>();

  private boolean unanswered;

  /**
   * Makes one.
   *
   * @param agent the agent's id; empty before it has one
   * @param running the containers that something of the agent is in
   */
  public DockerJanitor(
      AgentSettings settings, Supplier<String> agent, Supplier<Set<String>> running) {
    this.settings = settings.docker();
    this.engine = DockerLauncher.engine(settings.docker());
    this.agent = agent;
    this.running = running;
  }

  /** Begins, now that the agent knows what it runs; does nothing where Docker is not used. */
  public void start() {
    if (!settings.enabled()) {
      return;
    }
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread janitor = new Thread(task, "docker-janitor");
              janitor.setDaemon(true);
              return janitor;
            });
    var unused = thread.scheduleWithFixedDelay(this::look, 0, INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  private void look() {
    if (agent.get().isEmpty()) {
      return;
    }
    try {
      List<DockerEngine.Listed> listed = engine.list(agent.get());
      // What is looked up later knows what was launched before.
      Set<String> known = running.get();
      ended.keySet().retainAll(listed.stream().map(DockerEngine.Listed::id).toList());
      for (DockerEngine.Listed container : listed) {
        if (!known.contains(container.container())) {
          remove(container);
        }
      }
      unanswered = false;
    } catch (IOException | RuntimeException e) {
      if (!unanswered) {
        LOG.warn("Containers of Docker are not looked after for now: {}", e.getMessage());
        unanswered = true;
      }
    }
  }

  private void remove(DockerEngine.Listed container) throws IOException {
    if (container.running()) {
      if (settings.killOrphans()) {
        LOG.warn(
            "Container {} runs though nothing of this agent is in it: it is removed",
            ContainerLabels.name(container.container()));
        engine.remove(container.id());
      }
      return;
    }
    Instant since = ended.get(container.id());
    if (since == null) {
      Optional<InspectedContainer> inspected = engine.inspect(container.id());
      since = inspected.flatMap(InspectedContainer::restsSince).orElse(Instant.EPOCH);
      ended.put(container.id(), since);
    }
    Instant due = container.removed() ? since : since.plus(settings.removeDelay());
    if (!due.isAfter(Clock.systemUTC().instant())) {
      engine.remove(container.id());
    }
  }
}
