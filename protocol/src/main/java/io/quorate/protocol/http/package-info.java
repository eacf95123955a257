/**
 * The edge of a daemon's HTTP port, the same for masters and agents: how many connections there may
 * be and for how long, how many bytes of bodies may wait, which host names and which pages of other
 * sites are refused, how paths are matched, and that every request gets an answer.
 *
 * <p>The daemons' servers call it when they start, and their handlers on the event loop of the
 * request. {@link io.quorate.protocol.http.SitePolicy}, {@link
 * io.quorate.protocol.http.ConnectionTable}, {@link io.quorate.protocol.http.BodyBudget} and {@link
 * io.quorate.protocol.http.Endpoints} have no clock and no socket. It must never know what a path
 * means, nor block an event loop.
 */
package io.quorate.protocol.http;
