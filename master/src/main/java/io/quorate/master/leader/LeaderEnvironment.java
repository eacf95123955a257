package io.quorate.master.leader;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What the loop needs of the world, and what a simulator has in its place.
 *
 * @param clockNanos nanoseconds since the epoch
 * @param tickerNanos nanoseconds since anything, but never set back: for periods
 * @param core runs the loop: one thread, owned by the loop from here on
 * @param allocator runs allocation rounds, beside the loop
 * @param uuids mints what has to be unlike all else
 */
public record LeaderEnvironment(
    LongSupplier clockNanos,
    LongSupplier tickerNanos,
    ScheduledExecutorService core,
    Executor allocator,
    Supplier<String> uuids) {}
