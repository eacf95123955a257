/**
 * What each call leads to: from a state and a call to events, or to a refusal. One file per family
 * of calls; {@link io.quorate.master.decide.Decide} is the table of contents.
 *
 * <p>Pure: no clock (the time is given), no randomness, no I/O, no threads, no logging, no
 * unordered iteration. Only {@link io.quorate.master.decide.Draft} is mutable, and it never leaves
 * a decision. Called by the leader's loop on its one thread.
 */
package io.quorate.master.decide;
