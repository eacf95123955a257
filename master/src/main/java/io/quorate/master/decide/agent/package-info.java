/**
 * Decides what agents say and what befalls their links (Mesos 4.1, 4.2).
 *
 * <p>It is called by {@link io.quorate.master.decide.Decide} only. Everything here runs on the
 * leader's core thread. It must never read a clock, draw a random number, touch a file or a socket,
 * or throw on any state that a log can hold.
 */
package io.quorate.master.decide.agent;
