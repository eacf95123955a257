/**
 * The simulator: the real cores of masters and agents on one thread, with a simulated log, network,
 * clock, machines and frameworks under one seed (docs/testing.md).
 */
package io.quorate.chaos.simulate;
