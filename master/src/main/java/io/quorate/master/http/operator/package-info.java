/**
 * {@code POST /api/v1}: what operators ask and order (Mesos 6.1), the members of the quorum, and
 * the metrics. The server calls it on the event loop of the request; reads are answered from one
 * frozen picture of the state, on threads of their own. It must never block an event loop.
 */
package io.quorate.master.http.operator;
