/**
 * What passes between the agent and the executors that frameworks describe (Mesos 4.6): their
 * events, their streams, their tokens and why a call is refused. The agent's core and its HTTP face
 * use it, each on its own thread. It must never hold what the agent's state holds.
 */
package io.quorate.agent.executor;
