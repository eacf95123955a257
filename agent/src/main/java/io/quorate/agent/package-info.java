/**
 * The agent: it takes numbered commands from the leading master, runs tasks and reports what
 * becomes of them. {@link io.quorate.agent.AgentCore} is the file to read first: it takes inputs,
 * lets {@link io.quorate.agent.decide} decide about them, journals what was decided and then does
 * it. One thread owns all of this. Nothing is done before the record of it is on the disk.
 */
package io.quorate.agent;
