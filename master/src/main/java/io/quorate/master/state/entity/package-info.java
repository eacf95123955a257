/**
 * The things that the masters know, each an immutable value: frameworks, agents, offers, tasks,
 * executors, operations, roles and the rest.
 *
 * <p>Any thread may read them. A method that changes something returns a new value; only {@link
 * io.quorate.master.state.MasterState} puts such a value in the place of the old one. An entity
 * never knows the tables, the clock, threads or I/O.
 */
package io.quorate.master.state.entity;
