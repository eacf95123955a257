/**
 * What becomes of Mesos's flags that a daemon has no option for.
 *
 * <p>The main classes of masters and agents call it, once, before they read their own options. It
 * must never pass over a flag or a variable that it knows in silence.
 */
package io.quorate.protocol.flags;
