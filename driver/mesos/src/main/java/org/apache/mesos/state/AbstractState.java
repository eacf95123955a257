package org.apache.mesos.state;

import io.quorate.driver.mesos.variable.KeptVariable;
import io.quorate.driver.mesos.variable.VariableStore;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * What all states have in common: futures of what a {@link VariableStore} does. Of one state one
 * thing is done at a time, in order. As many as {@value #WAITING_MAX} wait; then the caller does
 * its own.
 */
public abstract class AbstractState implements State {
  private static final int WAITING_MAX = 10_000;
  private static final long IDLE_SECONDS = 10;

  private final ThreadPoolExecutor worker =
      new ThreadPoolExecutor(
          1,
          1,
          IDLE_SECONDS,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(WAITING_MAX),
          AbstractState::thread,
          new ThreadPoolExecutor.CallerRunsPolicy());

  private VariableStore store;

  /** For subclasses, which say with {@link #keepIn} where. */
  public AbstractState() {
    worker.allowCoreThreadTimeOut(true);
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "mesos-state");
    thread.setDaemon(true);
    return thread;
  }

  /** Says where the variables are; once, before anything else. */
  final void keepIn(VariableStore place) {
    store = place;
  }

  private <T> Future<T> later(Callable<T> what) {
    FutureTask<T> task = new FutureTask<>(what);
    worker.execute(task);
    return task;
  }

  @Override
  public Future<Variable> fetch(String name) {
    return later(() -> new StoredVariable(this, store.fetch(name)));
  }

  /** Gives null if another stored or expunged the variable since this one was fetched. */
  @Override
  public Future<Variable> store(Variable variable) {
    KeptVariable kept = ((StoredVariable) variable).kept(this);
    return later(
        () -> {
          Optional<KeptVariable> stored = store.store(kept);
          return stored.isPresent() ? new StoredVariable(this, stored.get()) : null;
        });
  }

  /** Gives false if another stored or expunged the variable since this one was fetched. */
  @Override
  public Future<Boolean> expunge(Variable variable) {
    KeptVariable kept = ((StoredVariable) variable).kept(this);
    return later(() -> store.expunge(kept));
  }

  @Override
  public Future<Iterator<String>> names() {
    return later(() -> store.names().iterator());
  }
}
