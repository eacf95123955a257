package io.quorate.agent.executor;

/** Why a call is not taken: an HTTP status and a text for its reader. */
public record ExecutorCallRefusal(int status, String text) {}
