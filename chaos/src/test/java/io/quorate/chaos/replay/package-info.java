/**
 * Plays what was recorded of Apache Mesos against processes of Quorate, and lists what differs. The
 * exchanges are in the test resources, {@code conformance/exchanges}.
 */
package io.quorate.chaos.replay;
