/**
 * Names the checkers that judge each workload, and lets them judge a run. The harness and its
 * report call it, on any one thread. It reads files that a run left behind, and never a cluster.
 */
package io.quorate.chaos.check;
