/**
 * The HTTP faces of a master: {@link io.quorate.master.http.MasterServer} binds the one port and
 * says which path is whose; each face has a room of its own below. Requests come in, calls go to
 * the core, and committed effects go out. The faces check what needs no state; what does need it is
 * decided by the core. Everything runs on Vert.x event loops and must never block them.
 */
package io.quorate.master.http;
