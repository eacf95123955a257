package io.quorate.agent.task;

import io.quorate.agent.state.Moment;
import java.time.Clock;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where time and ids come from.
 *
 * @param nanos the clock of durations, in nanoseconds from anywhere
 * @param millis the agent's clock, in milliseconds since the epoch; it never goes back
 * @param ids each unlike all others
 */
public record Sources(LongSupplier nanos, LongSupplier millis, Supplier<UUID> ids) {
  /**
   * Returns those of this machine. The agent's clock begins with the one on the wall and goes on by
   * the clock of durations, so that whoever sets the one on the wall delays and hastens nothing.
   */
  public static Sources system() {
    long wall = Clock.systemUTC().millis();
    long start = System.nanoTime();
    return new Sources(
        System::nanoTime,
        () -> wall + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start),
        UUID::randomUUID);
  }

  /** What a decision may know of now. */
  public Moment moment() {
    return new Moment(millis.getAsLong(), ids.get());
  }
}
