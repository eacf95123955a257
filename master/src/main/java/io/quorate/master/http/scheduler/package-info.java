/**
 * {@code POST /api/v1/scheduler}: the calls of frameworks, and the streams of events to them (Mesos
 * 1.3 to 1.5). The server calls it on the event loop of the request. It must never tell a framework
 * what is not committed.
 */
package io.quorate.master.http.scheduler;
