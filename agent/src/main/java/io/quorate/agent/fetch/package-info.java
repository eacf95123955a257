/**
 * Brings the URIs of a command into its sandbox before it starts (Mesos 4.7). Blocks: for threads
 * of its own, never for the core. Whatever touches the sandbox is done with the rights of the
 * task's user, in processes of their own.
 */
package io.quorate.agent.fetch;
