/**
 * The rules that need no more than a description and the state: tasks, executors, groups, checks,
 * containers, frameworks, and what a principal may do. Each answers with what is wrong, naming
 * field and rule.
 *
 * <p>It is called by the rooms that decide calls. Everything here runs on the leader's core thread.
 * It must never read a clock, draw a random number, touch a file or a socket, or throw on any state
 * that a log can hold.
 */
package io.quorate.master.decide.validation;
