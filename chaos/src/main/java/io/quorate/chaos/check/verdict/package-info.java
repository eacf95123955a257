/**
 * The frame of every checker: what a promise is, what was found, and the verdict that follows.
 * Checkers, the harness and its report call it. It is pure: the same files give the same verdict on
 * every machine.
 */
package io.quorate.chaos.check.verdict;
