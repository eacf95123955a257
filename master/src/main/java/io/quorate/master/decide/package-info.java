/**
 * What each call leads to: from a state and a call to events, or to a refusal. {@link
 * io.quorate.master.decide.Decide} is the table of contents, and each family of calls has a room.
 *
 * <p>It is pure: it has no clock (the time is given), no randomness, no I/O, no threads, no logging
 * and no unordered iteration, and it has an answer for every call on every state. Only {@link
 * io.quorate.master.decide.draft.Draft} is mutable, and it never leaves a decision. The leader's
 * loop calls it on its one thread.
 */
package io.quorate.master.decide;
