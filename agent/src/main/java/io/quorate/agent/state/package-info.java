/**
 * What an agent knows, as immutable values. Any part of the agent may read them, on any thread;
 * only {@link io.quorate.agent.apply} makes new ones. Nothing here reads a clock, draws a random
 * number or touches a file.
 */
package io.quorate.agent.state;
