/**
 * How a client finds the master that leads, and when it gives one up.
 *
 * <p>Pure: without a clock, a thread or a socket. It is written in the language of Java 8 and
 * imports nothing of ours, since the drop-in for Mesos's driver ({@code driver/mesos}) compiles the
 * same files for Java 8. Whoever calls it sees to it that no thread enters while another is inside.
 */
package io.quorate.driver.search;
