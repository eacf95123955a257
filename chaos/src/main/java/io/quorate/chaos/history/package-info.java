/**
 * What happened in a run of the harness: every invocation and completion, with times of one
 * monotonic clock, in files that other tools can read.
 */
package io.quorate.chaos.history;
