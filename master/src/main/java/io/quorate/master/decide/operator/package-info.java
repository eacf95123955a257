/**
 * Decides the calls of the operator API that ask for a change: agents, resources, quota, weights,
 * maintenance (Mesos 6.1).
 *
 * <p>It is called by {@link io.quorate.master.decide.Decide}, and for inverse offers by the
 * scheduler's room. Everything here runs on the leader's core thread. It must never read a clock,
 * draw a random number, touch a file or a socket, or throw on any state that a log can hold.
 */
package io.quorate.master.decide.operator;
