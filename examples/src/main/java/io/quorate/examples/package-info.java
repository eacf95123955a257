/**
 * Small frameworks to copy from: each class is a program of its own and calls no other example.
 *
 * <p>Their listeners run on the client's one thread, so what only they touch needs no lock. Nobody
 * calls this package but its tests; it must never need more than the client.
 */
package io.quorate.examples;
