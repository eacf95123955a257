/**
 * The simulator: the masters' real core on one thread, with a simulated log, network, clock, agents
 * and frameworks under one seed (docs/testing.md).
 */
package io.quorate.chaos.simulate;
