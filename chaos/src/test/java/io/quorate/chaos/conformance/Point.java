package io.quorate.chaos.conformance;

/**
 * One thing that can be tested from outside.
 *
 * @param id such as {@code CP-017}
 * @param grade {@code must}, {@code should} or {@code could}
 * @param section of the behaviour reference, such as {@code 3.6.1}
 * @param group the heading that it is listed under
 */
record Point(String id, String grade, String section, String group, String statement) {}
