/**
 * What a scheduler driver does, without the user's classes: messages are bytes.
 *
 * <p>{@link io.quorate.driver.mesos.scheduler.SchedulerCore} decides, without a clock, a thread or
 * a socket; {@link io.quorate.driver.mesos.scheduler.SchedulerLink} drives it on a network, with
 * one thread for the stream, one for calls and one for callbacks. Only drivers of {@code
 * org.apache.mesos} call it. It never names a class of {@code org.apache.mesos}.
 */
package io.quorate.driver.mesos.scheduler;
