/**
 * The ground of all modules: Mesos's messages, names and rules that need no state.
 *
 * <p>Every module may call it. Its functions are pure and safe for any thread; it must never import
 * another module of ours.
 */
package io.quorate.protocol;
