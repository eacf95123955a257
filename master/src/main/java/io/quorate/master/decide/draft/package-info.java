/**
 * What every decision is made with: the draft that collects its events, the leader's policy, the
 * outcome, and the events and statuses that several families share.
 *
 * <p>It is called by the other rooms of {@code decide}, and its values by the leader's loop.
 * Everything here runs on the leader's core thread. It must never read a clock, draw a random
 * number, touch a file or a socket, or throw on any state that a log can hold.
 */
package io.quorate.master.decide.draft;
