/**
 * The garbage collection of sandboxes: it removes what ended long enough ago (Mesos 4.8).
 *
 * <p>The agent's main class starts it, and nobody else calls it. It works on a thread of its own
 * and asks the core which containers run. It must never follow a link or enter a mount out of a
 * sandbox, as persistent volumes lie behind them.
 */
package io.quorate.agent.gc;
