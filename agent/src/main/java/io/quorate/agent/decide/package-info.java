/**
 * What an agent decides: from its state, an input and a moment to records, which {@link
 * io.quorate.agent.apply} gives their meaning, and to actions, which are done once the records are
 * on the disk. Only the agent's core calls it, on its thread. It must never read a clock, draw a
 * random number, do I/O, start a thread or throw at a state that the journal can hold.
 */
package io.quorate.agent.decide;
