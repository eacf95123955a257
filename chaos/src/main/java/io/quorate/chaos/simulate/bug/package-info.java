/**
 * Bugs that are injected on purpose, to see that an invariant catches each of them. Simulated parts
 * ask here whether they are to go wrong; outside of tests they never are.
 */
package io.quorate.chaos.simulate.bug;
