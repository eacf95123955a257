/**
 * The journal beside the log, read back: what a framework missed, and the entries themselves. It
 * reads files, and so must never be called on an event loop.
 */
package io.quorate.master.http.history;
