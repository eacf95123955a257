package io.quorate.agent.flags;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The settings about executors (Mesos 4.5, 4.6).
 *
 * @param registrationTimeout from an executor's launch to its first SUBSCRIBE
 * @param reregistrationTimeout from an agent's restart to an executor's SUBSCRIBE
 * @param shutdownGrace from SHUTDOWN to SIGKILL, where the executor does not say otherwise
 * @param recoveryTimeout what executors are told: how long they wait for their agent
 * @param heartbeat between two HEARTBEAT events (CP-047)
 * @param callBytesMax the largest call
 * @param unreadBytesMax what an executor may leave unread before its stream is cut off
 * @param authenticate whether nothing but the token that an executor was started with proves it
 * @param environment the variables of the host that containers get; empty for the usual ones
 * @param updatesMax updates of one task that may wait for their acknowledgement
 */
public record ExecutorSettings(
    Duration registrationTimeout,
    Duration reregistrationTimeout,
    Duration shutdownGrace,
    Duration recoveryTimeout,
    Duration heartbeat,
    int callBytesMax,
    int unreadBytesMax,
    boolean authenticate,
    Optional<Map<String, String>> environment,
    int updatesMax) {}
