/**
 * Mesos's abstraction of named variables with compare-and-swap, without its native library: in a
 * directory of this machine, or in Quorate's masters (docs/variables.md).
 *
 * <p>For frameworks. Any thread may call; what was asked for is done on threads of the state's own.
 * Interfaces and {@code InMemoryState} stay the original's.
 */
package org.apache.mesos.state;
