/**
 * How the members of a quorum talk: protobuf frames over TCP, on the given address only, behind a
 * handshake that proves knowledge of the cluster's secret and makes the keys by which every frame
 * after it is sealed. It takes the place of JRaft's stock transport.
 *
 * <p>The package {@code raft} calls it. Its event loops must never block; requests are handled on
 * the executors that JRaft names.
 */
package io.quorate.log.transport;
