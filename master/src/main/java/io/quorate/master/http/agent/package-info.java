/**
 * {@code POST /api/v1/agent}: what agents say, and the links on which they are commanded. The
 * server calls it on the event loop of the request. It must never send a command that is not
 * committed.
 */
package io.quorate.master.http.agent;
