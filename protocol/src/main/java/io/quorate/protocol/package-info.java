/**
 * The ground of all modules: Mesos's messages, names and rules that need no state.
 *
 * <p>Pure functions, safe for any thread, for every module.
 */
package io.quorate.protocol;
