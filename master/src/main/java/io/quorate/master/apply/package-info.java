/**
 * The only code that derives new states: what each event means, one file per family.
 *
 * <p>The leader's loop calls it for what was decided, and every replica for what was committed,
 * each on one thread. It is total and pure: whatever a release ever wrote is applied by every later
 * one, with the same result on every replica, and an event that does not fit changes nothing. It
 * has no rules, never refuses anything, and never sees a clock: the time is the entry's, in the
 * state.
 */
package io.quorate.master.apply;
