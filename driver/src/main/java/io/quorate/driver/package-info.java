/**
 * What a framework's author uses: a client of the v1 scheduler API that follows the leader.
 *
 * <p>Its methods may be called on any thread; a listener is called on one thread of the client's,
 * one call after the other. {@link io.quorate.driver.ClientCore} decides, without a clock, thread
 * or socket, and the simulator drives it too. The package must never need a server stack.
 */
package io.quorate.driver;
