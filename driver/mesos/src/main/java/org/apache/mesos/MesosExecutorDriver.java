package org.apache.mesos;

import io.quorate.driver.mesos.executor.ExecutorEnvironment;
import io.quorate.driver.mesos.executor.ExecutorLink;
import io.quorate.driver.mesos.http.MasterCalls;
import io.quorate.driver.mesos.http.TlsSettings;
import io.quorate.driver.mesos.scheduler.DriverState;
import java.io.IOException;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * Mesos's driver for executors, in Java, on the v1 HTTP API. The environment says which agent it
 * belongs to. Its methods may be called on any thread; the executor's callbacks come on one, in
 * order.
 */
public class MesosExecutorDriver implements ExecutorDriver {
  private final Executor executor;
  private ExecutorLink link;

  /** A driver for this executor. */
  public MesosExecutorDriver(Executor executor) {
    if (executor == null) {
      throw new NullPointerException("Not expecting a null executor");
    }
    this.executor = executor;
  }

  /**
   * Starts.
   *
   * @throws IllegalStateException if a variable that the agent sets is not in the environment
   */
  @Override
  public Protos.Status start() {
    return MesosSchedulerDriver.status(started().start());
  }

  private synchronized ExecutorLink started() {
    if (link == null) {
      ExecutorEnvironment environment = new ExecutorEnvironment(System.getenv());
      Optional<SSLContext> tls = Optional.empty();
      if ("true".equals(System.getenv("SSL_ENABLED"))) {
        try {
          tls = Optional.of(TlsSettings.context(System.getenv()));
        } catch (IOException e) {
          throw new IllegalStateException(e.getMessage(), e);
        }
      }
      MasterCalls agent = new MasterCalls("/api/v1/executor", tls, environment.authorization());
      link = new ExecutorLink(environment, agent, new ExecutorCallbacks(this, executor));
    }
    return link;
  }

  private synchronized Optional<ExecutorLink> link() {
    return Optional.ofNullable(link);
  }

  private static Protos.Status status(Optional<DriverState> state) {
    return MesosSchedulerDriver.status(state.orElse(DriverState.NOT_STARTED));
  }

  @Override
  public Protos.Status stop() {
    return status(link().map(ExecutorLink::stop));
  }

  @Override
  public Protos.Status abort() {
    return status(link().map(ExecutorLink::abort));
  }

  @Override
  public Protos.Status join() {
    return status(link().map(ExecutorLink::join));
  }

  @Override
  public Protos.Status run() {
    Protos.Status status = start();
    return status == Protos.Status.DRIVER_RUNNING ? join() : status;
  }

  @Override
  public Protos.Status sendStatusUpdate(Protos.TaskStatus status) {
    byte[] update = status.toByteArray();
    return status(link().map(started -> started.update(update)));
  }

  @Override
  public Protos.Status sendFrameworkMessage(byte[] data) {
    byte[] copy = data.clone();
    return status(link().map(started -> started.message(copy)));
  }

  /** There is nothing native to initialise. */
  protected void initialize() {
    // For classes that call it.
  }
}
