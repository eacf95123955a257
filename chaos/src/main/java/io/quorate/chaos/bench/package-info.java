/**
 * Macro benchmarks: real processes, side by side with etcd, one documented command
 * (docs/benchmarks.md). Figures are for ratios on one machine in one run, never for tests.
 */
package io.quorate.chaos.bench;
