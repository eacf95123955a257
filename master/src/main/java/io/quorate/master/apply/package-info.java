/**
 * The only code that derives new states: what each event means, one file per family.
 *
 * <p>Total and pure: whatever a release ever wrote is applied by every later one, with the same
 * result on every replica. No rules here, and no clock: the time is the entry's, in the state.
 */
package io.quorate.master.apply;
