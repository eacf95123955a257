/**
 * The supervisor, a small program of our own that runs what is not the agent's: tasks, executors,
 * commands of checks and helpers of the fetcher. It takes the rights of their user before anything
 * of theirs is touched, and leaves what is to be known in files. Any thread may call this package;
 * calls that start something wait until it runs. It must never decide what runs.
 */
package io.quorate.agent.supervise;
