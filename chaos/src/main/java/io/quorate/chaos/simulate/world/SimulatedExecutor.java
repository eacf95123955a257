package io.quorate.chaos.simulate.world;

import java.util.List;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.Callable;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** The thread of one master's core, as events of the world; nothing of it runs after shutdown. */
public final class SimulatedExecutor extends AbstractExecutorService
    implements ScheduledExecutorService {
  private final SimulatedProcess process;
  private boolean stopped;

  public SimulatedExecutor(SimulatedProcess process) {
    this.process = process;
  }

  @Override
  public void execute(Runnable command) {
    process.after(
        0,
        () -> {
          if (!stopped) {
            command.run();
          }
        });
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    process.after(
        unit.toNanos(initialDelay),
        () -> {
          if (!stopped) {
            command.run();
            var unused = scheduleWithFixedDelay(command, delay, delay, unit);
          }
        });
    return null;
  }

  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("the core does not use it");
  }

  @Override
  public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
    throw new UnsupportedOperationException("the core does not use it");
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    throw new UnsupportedOperationException("the core does not use it");
  }

  @Override
  public void shutdown() {
    stopped = true;
  }

  @Override
  public List<Runnable> shutdownNow() {
    stopped = true;
    return List.of();
  }

  @Override
  public boolean isShutdown() {
    return stopped;
  }

  @Override
  public boolean isTerminated() {
    return stopped;
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) {
    return stopped;
  }
}
