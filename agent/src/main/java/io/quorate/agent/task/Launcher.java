package io.quorate.agent.task;

import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.state.RunId;
import io.quorate.agent.supervise.Rights;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.Resource;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Starts what runs on this machine, and takes it up again. Core thread; it waits for nothing. */
public interface Launcher {
  /**
   * What is to be started.
   *
   * @param agent the agent's id
   * @param run what is started
   * @param place where its files are
   * @param container what the task or executor says of its container
   * @param resources whose volumes appear in the sandbox
   * @param unit what it is limited with
   * @param timeMax how long it may run, counted from its start (CP-347)
   */
  record Plan(
      String agent,
      RunId run,
      Layout.Run place,
      TaskProcess process,
      Optional<ContainerInfo> container,
      FrameworkInfo framework,
      CommandInfo command,
      List<Resource> resources,
      Map<String, String> environment,
      RootContainer unit,
      Optional<Duration> timeMax) {}

  /** An outcome is told what becomes of a launch. It is used on the core thread only. */
  interface Outcome {
    void started();

    /** It never ran; why is for the framework. */
    void failed(String why);

    /** It was cancelled before it ran. */
    void cancelled();

    /**
     * The process ended together with its supervisor, so its exit status can be looked at. A later
     * agent process does not call it.
     */
    void ended();
  }

  /** A launch is one that is underway. It may be called on any thread. */
  final class Launch {
    private volatile boolean cancelled;
    private final AtomicReference<Runnable> whileItWaits = new AtomicReference<>();

    /** It does not have to begin; if it began already, it is not disturbed. */
    public void cancel() {
      cancelled = true;
      Runnable waiting = whileItWaits.getAndSet(null);
      if (waiting != null) {
        waiting.run();
      }
    }

    /**
     * It waits for its turn.
     *
     * @param atCancel is run if it is cancelled before it begins
     */
    void awaits(Runnable atCancel) {
      whileItWaits.set(atCancel);
    }

    /** It is its turn; false if it was cancelled meanwhile, and its end is told. */
    boolean begins() {
      return whileItWaits.getAndSet(null) != null;
    }

    /**
     * Something goes on that may take long.
     *
     * @param atCancel ends it; empty once it is over
     */
    public void underway(Optional<Runnable> atCancel) {
      whileItWaits.set(atCancel.orElse(null));
      if (cancelled) {
        Runnable missed = whileItWaits.getAndSet(null);
        if (missed != null) {
          missed.run();
        }
      }
    }

    public boolean isCancelled() {
      return cancelled;
    }
  }

  /** The process of a run, whether it was started or not. */
  TaskProcess process(Layout.Run run);

  /** Fetches what it needs and starts it, unless it was started before. */
  default Launch launch(Plan plan, Outcome outcome) {
    Launch launch = new Launch();
    launch(plan, outcome, launch);
    return launch;
  }

  /**
   * Launches a run in the same way, where the caller made the launch that can be cancelled.
   *
   * @param launch what it can be cancelled with
   */
  void launch(Plan plan, Outcome outcome, Launch launch);

  /**
   * Makes volumes visible in a sandbox that is there.
   *
   * @throws IOException if one is not there; the message is for the framework
   */
  void mount(
      TaskProcess process, FrameworkInfo framework, CommandInfo command, List<Resource> resources)
      throws IOException;

  /** The rights that this command runs with. */
  Rights rights(CommandInfo command, FrameworkInfo framework) throws IOException;

  /** Ends what an ended container left behind. */
  void sweep(TaskProcess process);

  /** From now on its sandbox is old. */
  void touch(TaskProcess process);

  /** The files of a container are of no more use; the sandbox stays. */
  void forget(String container);

  /**
   * The containers that have files.
   *
   * @throws IOException if that cannot be found out
   */
  List<String> containers() throws IOException;
}
