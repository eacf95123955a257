/**
 * One class for each promise of Quorate that the harness checks after a run. {@link
 * io.quorate.chaos.check.Checkers} alone makes them. Each is pure and without state between two
 * runs; none may ask a cluster, because a run must give the same verdict when it is judged again.
 */
package io.quorate.chaos.check.promise;
