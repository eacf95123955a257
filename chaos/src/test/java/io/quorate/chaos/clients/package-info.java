/**
 * Programs that this project did not write, run as processes against a quorum of processes. Their
 * small drivers are in {@code chaos/src/test/clients}.
 */
package io.quorate.chaos.clients;
