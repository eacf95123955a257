package io.quorate.chaos.simulate.world;

import java.util.ArrayDeque;

/**
 * A process: what is due in it does not happen once it was killed, and waits while it is paused.
 */
public final class SimulatedProcess {
  private final World world;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean paused;
  private boolean dead;

  public SimulatedProcess(World world) {
    this.world = world;
  }

  public void after(long nanos, Runnable what) {
    world.after(nanos, () -> run(what));
  }

  public void run(Runnable what) {
    if (dead) {
      return;
    }
    if (paused) {
      waiting.add(what);
    } else {
      what.run();
    }
  }

  public boolean dead() {
    return dead;
  }

  boolean paused() {
    return paused;
  }

  public void pause() {
    paused = true;
  }

  /** What had to wait comes first, in its order. */
  public void resume() {
    paused = false;
    while (!waiting.isEmpty()) {
      after(0, waiting.poll());
    }
  }

  public void kill() {
    dead = true;
    waiting.clear();
  }
}
