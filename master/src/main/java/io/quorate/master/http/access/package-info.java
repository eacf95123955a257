/**
 * Who may come in, at what pace, and what is shown to whom (Mesos 8.1 to 8.3). The faces ask it on
 * their event loops; {@link io.quorate.master.http.access.RateLimits} may be asked by any thread.
 * It must never answer differently for the same principal and state.
 */
package io.quorate.master.http.access;
