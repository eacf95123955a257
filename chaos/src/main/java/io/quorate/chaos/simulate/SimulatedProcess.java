package io.quorate.chaos.simulate;

import java.util.ArrayDeque;

/**
 * A process: what is due in it does not happen once it was killed, and waits while it is paused.
 */
final class SimulatedProcess {
  private final World world;
  private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
  private boolean paused;
  private boolean dead;

  SimulatedProcess(World world) {
    this.world = world;
  }

  void after(long nanos, Runnable what) {
    world.after(nanos, () -> run(what));
  }

  void run(Runnable what) {
    if (dead) {
      return;
    }
    if (paused) {
      waiting.add(what);
    } else {
      what.run();
    }
  }

  boolean dead() {
    return dead;
  }

  boolean paused() {
    return paused;
  }

  void pause() {
    paused = true;
  }

  /** What had to wait comes first, in its order. */
  void resume() {
    paused = false;
    while (!waiting.isEmpty()) {
      after(0, waiting.poll());
    }
  }

  void kill() {
    dead = true;
    waiting.clear();
  }
}
