package io.quorate.master.http.face;

import io.quorate.master.leader.MasterCore;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * What a face core has of the master and the world; a simulator has others in their place.
 *
 * @param core shows the committed state; calls are put in by {@link Exchange#submit}
 * @param tickerNanos nanoseconds since anything, but never set back
 * @param uuids mints ids of streams, which nobody else has
 */
public record FaceEnvironment(MasterCore core, LongSupplier tickerNanos, Supplier<String> uuids) {}
