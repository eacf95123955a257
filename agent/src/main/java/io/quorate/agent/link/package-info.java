/**
 * The link to the leading master: found through any master, kept up, and left when it cannot be
 * believed.
 *
 * <p>{@link io.quorate.agent.link.LinkCore} decides, without I/O; {@link
 * io.quorate.agent.link.HttpLink} performs what it says over HTTP, on one event loop, and the
 * simulator does so on a simulated network. The agent's core sends its calls through {@link
 * io.quorate.agent.link.MasterLink}. Nothing in here may interpret an event of the master beyond
 * what the link itself needs: the intervals of pings and the leader's name.
 */
package io.quorate.agent.link;
