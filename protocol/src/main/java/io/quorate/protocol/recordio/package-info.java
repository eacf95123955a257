/** RecordIO framing: decimal length, LF, that many bytes (Mesos 1.4). */
package io.quorate.protocol.recordio;
