/**
 * What everything in a simulated world stands on: its time and chance, the plan of what is done to
 * it, processes that pause and die, and disks that lose what was not synced. All other rooms of the
 * simulator call it, on the world's one thread; it knows none of them.
 */
package io.quorate.chaos.simulate.world;
