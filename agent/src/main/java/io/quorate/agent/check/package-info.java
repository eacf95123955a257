/**
 * Checks and health checks of the tasks that the agent runs (Mesos 4.13).
 *
 * <p>The agent's check scheduler begins and ends them on the core thread, and what a result means
 * is decided there. A probe is made on other threads and may take as long as it likes. It must
 * never run with the agent's rights where the task has a user of its own.
 */
package io.quorate.agent.check;
