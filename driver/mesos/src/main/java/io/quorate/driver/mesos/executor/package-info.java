/**
 * What an executor driver does, without the user's classes: messages are bytes.
 *
 * <p>{@link io.quorate.driver.mesos.executor.ExecutorCore} decides, without a clock, a thread or a
 * socket; {@link io.quorate.driver.mesos.executor.ExecutorLink} drives it on a network. Only {@code
 * org.apache.mesos.MesosExecutorDriver} calls it. It never names a class of {@code
 * org.apache.mesos}.
 */
package io.quorate.driver.mesos.executor;
