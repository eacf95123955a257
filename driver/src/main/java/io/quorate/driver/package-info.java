/**
 * What a framework's author uses: a client of the v1 scheduler API that follows the leader, and one
 * of the v1 executor API that stays with its agent.
 *
 * <p>Their methods may be called on any thread; a listener is called on one thread of the client's,
 * one call after the other. {@link io.quorate.driver.ClientCore} and {@link
 * io.quorate.driver.ExecutorClientCore} decide, without a clock, thread or socket. The package must
 * never need a server stack.
 */
package io.quorate.driver;
