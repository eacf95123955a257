/**
 * A deterministic simulation of masters, agents and frameworks: their real cores in one thread,
 * over simulated disks, clocks and a simulated network, all drawn from one seed. {@code quorate
 * simulate} and tests call it. A world belongs to one thread; no class of a world may read the
 * machine's clock, use chance other than the world's, or start a thread.
 */
package io.quorate.chaos.simulate;
