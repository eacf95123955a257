/**
 * What is true: {@link io.quorate.master.state.MasterState}, an immutable value of persistent
 * tables, and its way to disk and back.
 *
 * <p>The rooms below hold the ids and keys ({@code id}), the values in the tables ({@code entity})
 * and the tables themselves ({@code table}). Any thread may read a state for as long as it likes.
 * Only {@code io.quorate.master.apply} derives new states. Nothing here knows the clock, threads or
 * I/O, and tables are iterated in key order only.
 */
package io.quorate.master.state;
