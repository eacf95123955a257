/**
 * What all faces share: reading bodies and calls, answering, open event streams, large views, and
 * the names of paths. Only the other rooms of {@code http} call it, on the event loop of the
 * request. It must never decide anything that depends on the masters' state.
 */
package io.quorate.master.http.server;
