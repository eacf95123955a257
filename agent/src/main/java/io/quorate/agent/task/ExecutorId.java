package io.quorate.agent.task;

/** An executor of a framework; of a command task, one of the task's own name. */
public record ExecutorId(String framework, String executor) {}
