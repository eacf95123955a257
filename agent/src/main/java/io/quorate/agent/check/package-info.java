/**
 * Checks and health checks of the tasks that the agent runs (Mesos 4.13). A probe is done elsewhere
 * and answers whenever it is done; what it means is decided on the core thread.
 */
package io.quorate.agent.check;
