/**
 * What a container may use, and who sees to it (Mesos 4.9, 4.10): nobody, a watch over the memory
 * of processes, or the cgroups of the kernel; and what containers get from the machine: users and
 * variables.
 *
 * <p>The launcher and the core call it, on any thread. It must never wait for a process.
 */
package io.quorate.agent.isolate;
