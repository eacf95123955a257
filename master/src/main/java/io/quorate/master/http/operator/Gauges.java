package io.quorate.master.http.operator;

import java.util.SortedMap;

/**
 * What a master's faces hold open at a moment.
 *
 * @param unreadViewBytes of answers that wait for their readers
 * @param schedulerStreams open streams of schedulers
 * @param agentLinks open links of agents
 * @param operatorStreams open event streams of operators
 * @param counters what was counted since the start
 */
public record Gauges(
    long unreadViewBytes,
    int schedulerStreams,
    int agentLinks,
    int operatorStreams,
    SortedMap<String, Long> counters) {}
