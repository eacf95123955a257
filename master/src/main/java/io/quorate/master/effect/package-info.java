/**
 * What the outside world is told about a committed event: pure, computed by the leader after the
 * commit, in log order.
 */
package io.quorate.master.effect;
