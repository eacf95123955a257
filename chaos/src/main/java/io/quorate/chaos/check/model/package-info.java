/**
 * Decides whether a history of calls is linearizable by a model of a register or a set. Promises
 * call it, on one thread. It is pure and has a budget of steps, beyond which it says that it does
 * not know.
 */
package io.quorate.chaos.check.model;
