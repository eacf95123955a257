/**
 * Decides the calls about frameworks' variables (docs/variables.md): who may make them, and whether
 * the variable is as the caller believes.
 *
 * <p>Called by {@code Decide} only, on the thread of the leader's loop. Pure: no clock, no chance,
 * no I/O; versions come with the calls.
 */
package io.quorate.master.decide.variable;
