/**
 * A model of Raft (Ongaro 2014) that stands in the simulator for the log of the masters: elections,
 * replication, snapshots and changes of members over a simulated network and disk. Simulated
 * members call it, on the world's one thread. It is a model and never serves a real cluster.
 */
package io.quorate.chaos.simulate.raft;
