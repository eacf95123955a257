/** The secret that agents and masters share. */
package io.quorate.protocol.auth;
