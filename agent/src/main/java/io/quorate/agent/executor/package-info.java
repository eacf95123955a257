/**
 * Executors that frameworks describe: their processes, what is said to them and by them, and their
 * end (Mesos 4.6). Core thread only, but for what is said to be otherwise.
 */
package io.quorate.agent.executor;
