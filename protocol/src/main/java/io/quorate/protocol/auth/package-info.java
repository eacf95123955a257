/**
 * Who somebody is: the secret that agents and masters share, and the names and secrets of those who
 * log in by HTTP Basic.
 *
 * <p>Daemons and clients read them once, when they start; afterwards they are immutable and safe
 * for any thread. A secret must never be printed, logged or compared in a time that depends on it.
 */
package io.quorate.protocol.auth;
