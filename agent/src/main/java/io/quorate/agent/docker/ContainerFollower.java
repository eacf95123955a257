package io.quorate.agent.docker;

import com.github.dockerjava.transport.DockerHttpClient;
import io.quorate.agent.docker.request.ContainerLabels;
import io.quorate.agent.folder.HeldFolder;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings what a container prints to its sandbox, and writes down how it ended. While the daemon
 * does not answer, it waits: that tells nothing of the container. It has a thread of its own.
 */
final class ContainerFollower implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(ContainerFollower.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final DockerEngine engine;
  private final String name;
  private final DockerMarks marks;
  private final Sandbox sandbox;
  private final Runnable ended;
  private boolean silent;
  private boolean unanswered;

  /** How a sandbox is opened. */
  interface Sandbox {
    HeldFolder open() throws IOException;
  }

  /**
   * Makes one.
   *
   * @param container its id as Mesos has it
   * @param ended is called once it is written down how it ended
   */
  ContainerFollower(
      DockerEngine engine, String container, DockerMarks marks, Sandbox sandbox, Runnable ended) {
    this.engine = engine;
    this.name = ContainerLabels.name(container);
    this.marks = marks;
    this.sandbox = sandbox;
    this.ended = ended;
  }

  /** Begins. */
  void start() {
    Thread thread = new Thread(this, "docker-" + name);
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void run() {
    try (HeldFolder folder = sandbox.open();
        SandboxOutput output = SandboxOutput.open(folder, marks)) {
      follow(Optional.of(output));
    } catch (IOException e) {
      LOG.warn("The output of container {} is not kept: {}", name, e.getMessage());
      follow(Optional.empty());
    }
    ended.run();
  }

  private void follow(Optional<SandboxOutput> output) {
    while (!over(output)) {
      try {
        TimeUnit.MILLISECONDS.sleep(PAUSE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** One try: the output ends when the container does, or when the connection breaks. */
  private boolean over(Optional<SandboxOutput> output) {
    try {
      Optional<InspectedContainer> before = engine.inspect(name);
      if (before.isPresent() && output.isPresent() && !silent) {
        read(before.get(), output.get());
      }
      Optional<InspectedContainer> now = engine.inspect(name);
      unanswered = false;
      if (now.isEmpty()) {
        LOG.warn("Container {} is not there any more", name);
        marks.lose();
      } else if (now.get().over()) {
        marks.end(now.get());
      }
      return now.isEmpty() || now.get().over();
    } catch (IOException e) {
      if (!unanswered) {
        LOG.warn("Nothing is known of container {} for now: {}", name, e.getMessage());
        unanswered = true;
      }
      return false;
    }
  }

  private void read(InspectedContainer container, SandboxOutput output) {
    boolean terminal = container.terminal();
    try (DockerHttpClient.Response response = engine.follow(name, output.since(), !terminal)) {
      InputStream stream = response.getBody();
      if (terminal) {
        output.takeTerminal(stream);
      } else {
        output.takeFrames(stream);
      }
    } catch (EngineClient.Refusal e) {
      // Its logging driver cannot be read; the daemon says which.
      silent = true;
      LOG.warn("The output of container {} is not kept: {}", name, e.getMessage());
    } catch (IOException | RuntimeException e) {
      LOG.info("The output of container {} breaks off: {}", name, e.toString());
    }
  }
}
