package io.quorate.agent.flags;

import java.time.Duration;

/**
 * The settings of the garbage collection of sandboxes (Mesos 4.8).
 *
 * @param delay how long a sandbox stays on an empty disk with no headroom
 * @param headroom the part of the disk that is to stay free, from 0 to 1
 * @param interval between two looks at the disk
 */
public record GarbageCollectionSettings(Duration delay, double headroom, Duration interval) {}
