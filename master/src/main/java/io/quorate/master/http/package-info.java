/**
 * The faces of a master: HTTP in, calls to the core, committed effects out. They check what needs
 * no state; what does is decided by the core. Everything runs on event loops and never blocks them.
 */
package io.quorate.master.http;
