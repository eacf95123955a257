/**
 * Decides ACCEPT: offers are consumed, tasks launched, resources converted (Mesos 3.3, 3.6).
 *
 * <p>It is called by the room of the scheduler's calls; operators' orders on resources use its
 * rules. Everything here runs on the leader's core thread. It must never read a clock, draw a
 * random number, touch a file or a socket, or throw on any state that a log can hold.
 */
package io.quorate.master.decide.accept;
