/**
 * How Mesos writes durations and sizes in flags and in the variables of tasks.
 *
 * <p>Every module may call this package. Its functions are pure and may be called on any thread.
 * The converters are for the flags of daemons and need picocli, which a module that uses them
 * brings along; a framework's driver never loads them.
 */
package io.quorate.protocol.text;
