/**
 * Exact arithmetic over Mesos resources, their validation and their text form (Mesos 2.3).
 *
 * <p>Values and pure functions: no clock, no I/O, no order that differs between runs, so the
 * master's decisions may use all of it. It is safe for any thread. For every module that handles
 * offers, agents' resources or tasks.
 */
package io.quorate.protocol.resources;
