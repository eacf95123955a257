package io.quorate.agent.task;

/** A task of a framework. */
public record TaskId(String framework, String task) {}
