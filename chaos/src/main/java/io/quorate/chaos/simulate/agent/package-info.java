/**
 * Simulated agents: the real core of each over a simulated journal, link and launcher, and the
 * programs that its tasks run. The simulation calls it, on the world's one thread.
 */
package io.quorate.chaos.simulate.agent;
