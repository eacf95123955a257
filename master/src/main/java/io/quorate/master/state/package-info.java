/**
 * What is true: {@link io.quorate.master.state.MasterState}, an immutable value of persistent
 * tables, and its rows on disk.
 *
 * <p>Any thread may read a state for as long as it likes. Only {@code io.quorate.master.apply}
 * derives new states. Nothing here knows the clock, threads or I/O, and tables are iterated in key
 * order only.
 */
package io.quorate.master.state;
