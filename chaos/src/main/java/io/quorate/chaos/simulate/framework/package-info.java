/**
 * Simulated frameworks: the real core of the driver over a simulated connection, and a scheduler
 * that uses its offers by chance. The simulation calls it, on the world's one thread.
 */
package io.quorate.chaos.simulate.framework;
