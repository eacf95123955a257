/**
 * The agent: takes numbered commands from the leading master, runs tasks, reports what becomes of
 * them. {@link io.quorate.agent.AgentCore} is the file to read; one thread owns its state.
 */
package io.quorate.agent;
