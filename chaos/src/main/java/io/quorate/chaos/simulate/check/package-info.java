/**
 * The invariants that hold at every step of a simulated world. All simulated parts tell it what
 * they see, on the world's one thread. A broken invariant ends the world; nothing here changes what
 * happens in it.
 */
package io.quorate.chaos.simulate.check;
