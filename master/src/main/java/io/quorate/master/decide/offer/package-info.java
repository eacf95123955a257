/**
 * Decides what becomes of offers: declined, revived, suppressed, expired, proposed by the
 * allocator.
 *
 * <p>It is called by {@link io.quorate.master.decide.Decide} and by the rooms that give offers
 * back. Everything here runs on the leader's core thread. It must never read a clock, draw a random
 * number, touch a file or a socket, or throw on any state that a log can hold.
 */
package io.quorate.master.decide.offer;
