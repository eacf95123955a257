package io.quorate.chaos.history;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A line that a task itself wrote on its agent's machine: what really ran, whatever anybody was
 * told.
 *
 * @param time nanoseconds since the run began
 * @param agent the name of the node
 * @param task the task's id
 * @param what {@code start} or {@code end}
 * @param pid of the task's process, as its machine numbers it
 */
public record Diary(
    @JsonProperty("time") long time,
    @JsonProperty("agent") String agent,
    @JsonProperty("task") String task,
    @JsonProperty("what") String what,
    @JsonProperty("pid") long pid) {}
