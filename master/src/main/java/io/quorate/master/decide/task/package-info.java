/**
 * Decides what frameworks and agents say of running tasks, executors and operations.
 *
 * <p>It is called by the rooms of the scheduler's and the agent's calls. Everything here runs on
 * the leader's core thread. It must never read a clock, draw a random number, touch a file or a
 * socket, or throw on any state that a log can hold.
 */
package io.quorate.master.decide.task;
