package io.quorate.master.state;

import io.quorate.protocol.resources.Resources;

/**
 * A refusal: what is contained in {@code resources} is not offered until the deadline.
 *
 * @param deadlineNanos nanoseconds since the epoch
 */
public record Filter(FilterKey key, Resources resources, long deadlineNanos) {}
