/**
 * RecordIO framing: decimal length, LF, that many bytes (Mesos 1.4).
 *
 * <p>For both ends of every event stream. Encoding is stateless; a decoder belongs to one stream
 * and one thread at a time.
 */
package io.quorate.protocol.recordio;
