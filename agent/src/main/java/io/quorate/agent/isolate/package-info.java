/**
 * What a container may use, and who sees to it (Mesos 4.9, 4.10): nobody, a watch over the memory
 * of processes, or the cgroups of the kernel. Isolators are safe for any thread.
 */
package io.quorate.agent.isolate;
