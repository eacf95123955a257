/**
 * Simulated masters: the real loop and state machine of each over a simulated log, and the faces
 * through which frameworks and agents reach them. The rest of the simulator calls it, on the
 * world's one thread; it must not know agents or frameworks.
 */
package io.quorate.chaos.simulate.master;
