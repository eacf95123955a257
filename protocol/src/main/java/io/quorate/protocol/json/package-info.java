/** The JSON mapping of Mesos (section 1.6), which is not that of proto3. */
package io.quorate.protocol.json;
