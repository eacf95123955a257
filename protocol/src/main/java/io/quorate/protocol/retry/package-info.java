/**
 * The pauses between attempts, for all who try again: the driver, the agent's link to its master,
 * its status updates and operations.
 *
 * <p>Every module may call this package. It is pure: it reads no clock, draws no number and starts
 * no timer, and its values may be shared by threads.
 */
package io.quorate.protocol.retry;
