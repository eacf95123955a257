/**
 * The secret that agents and masters share. Read once at start by the daemons; afterwards immutable
 * and safe for any thread.
 */
package io.quorate.protocol.auth;
