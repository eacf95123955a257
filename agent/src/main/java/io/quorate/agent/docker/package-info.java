/**
 * The Docker containerizer (Mesos 4.9): from what a task says to the call that creates its
 * container, the daemon's Engine API, and what becomes of containers, be it in a later process of
 * the agent.
 *
 * <p>The agent's core calls the launcher on its thread, which waits for nothing; whatever may wait
 * for the daemon is done on threads of this package, and each call has a bound. What is known of a
 * container is in files, so that nothing that is asked on the core thread needs the daemon. It must
 * never decide what a task's state is, nor touch a container without this agent's label.
 */
package io.quorate.agent.docker;
