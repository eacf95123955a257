/**
 * The fetcher brings the URIs of a command into its sandbox before it starts (Mesos 4.7).
 *
 * <p>The launcher calls it, on threads of its own, as it blocks; the core never does. Whatever
 * touches the sandbox is done with the rights of the task's user, in processes of their own: the
 * agent itself must never open a path inside of a sandbox.
 */
package io.quorate.agent.fetch;
