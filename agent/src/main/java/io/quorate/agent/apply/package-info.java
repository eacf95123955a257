/**
 * What the records of an agent's journal mean. The core thread calls it when a record is decided
 * and when the journal is read; tests and tools may call it on any thread. It must never read a
 * clock, draw a random number, do I/O or throw at a record that the journal can hold.
 */
package io.quorate.agent.apply;
