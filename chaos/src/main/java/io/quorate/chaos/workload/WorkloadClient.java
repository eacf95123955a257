package io.quorate.chaos.workload;

import io.quorate.chaos.history.Recorder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** What every client is given, and the phases that it goes through. */
abstract class WorkloadClient implements Runnable {
  private static final Duration TICK = Duration.ofMillis(20);

  @Option(names = "--name", required = true)
  String name;

  @Option(names = "--number", required = true)
  int number;

  @Option(names = "--masters", required = true, split = ",")
  List<String> masters;

  @Option(names = "--directory", required = true, description = "Of this node.")
  Path directory;

  @Option(names = "--shared", required = true, description = "Where the orders are.")
  Path shared;

  @Option(names = "--nodes", required = true, description = "Where the agents' diaries are.")
  Path nodes;

  @Option(names = "--origin", required = true, description = "nanoTime when the run began.")
  long origin;

  @Option(names = "--seed", required = true)
  long seed;

  @Option(names = "--rate", required = true, description = "Operations a second.")
  double rate;

  Recorder recorder;

  /** What the harness wants, as it stands in {@code orders}. */
  enum Phase {
    /** As much as the rate says. */
    WORK,
    /** Nothing new; what is there comes to an end. */
    WRAP_UP,
    /** Go. */
    END
  }

  /** Writes the orders. */
  public static void order(Path shared, Phase phase) throws IOException {
    Path next = shared.resolve("orders.next");
    Files.writeString(next, phase.name());
    Files.move(
        next,
        shared.resolve("orders"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private Phase phase() throws IOException {
    return Phase.valueOf(Files.readString(shared.resolve("orders")));
  }

  @Override
  public final void run() {
    recorder = new Recorder(directory.resolve("history"), name, number, origin);
    try {
      begin();
      Phase phase = phase();
      boolean done = false;
      while (phase != Phase.END) {
        tick(phase);
        if (phase == Phase.WRAP_UP && !done && isDone()) {
          done = true;
          Files.writeString(directory.resolve("done"), "");
        }
        TimeUnit.NANOSECONDS.sleep(TICK.toNanos());
        phase = phase();
      }
      end();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      recorder.close();
    }
  }

  abstract void begin() throws IOException;

  /** Called many times a second. */
  abstract void tick(Phase phase);

  /** Whether all that it began is over. */
  abstract boolean isDone();

  abstract void end();
}
