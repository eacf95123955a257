/**
 * What a run looked like: one HTML page that needs nothing but itself, and plots beside it. Page
 * and plots are drawn from one value, {@link io.quorate.chaos.report.Run}; only the checkers judge.
 * Everything here runs once, on the caller's thread, after the run.
 */
package io.quorate.chaos.report;
