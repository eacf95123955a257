/** A quorum of real processes on this machine: for trying out, the demo, tests and benchmarks. */
package io.quorate.cluster;
