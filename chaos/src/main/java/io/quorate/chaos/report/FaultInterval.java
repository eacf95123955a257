package io.quorate.chaos.report;

/**
 * What a nemesis did from one moment to another, nanoseconds since the run began.
 *
 * @param what whom it hit, in the nemesis's own words
 * @param healed whether its end was written; if not, {@code to} is the run's end
 */
record FaultInterval(String nemesis, String what, long from, long to, boolean healed) {}
