/**
 * How an agent and a master prove themselves to each other, and the keys by which all is sealed
 * that they say afterwards.
 *
 * <p>Agents and masters use it on their event loops; nothing here does I/O, blocks, or prints a
 * key. Ed25519 signs, X25519 agrees on keys, AES-256-GCM seals, all of the JDK.
 */
package io.quorate.protocol.link;
