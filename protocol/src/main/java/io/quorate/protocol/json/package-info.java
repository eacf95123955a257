/**
 * The JSON mapping of Mesos (section 1.6, CP-057 to CP-071), which is not that of proto3.
 *
 * <p>It has no state, and is safe for any thread. For the HTTP faces, and for flags that hold JSON.
 */
package io.quorate.protocol.json;
