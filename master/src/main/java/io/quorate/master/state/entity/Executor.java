package io.quorate.master.state.entity;

import io.quorate.master.state.id.ExecutorKey;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.ExecutorInfo;

/**
 * An executor that a framework described itself, from the launch of its first task to its exit.
 *
 * @param role what its resources are allocated to
 * @param resources without allocation
 */
public record Executor(ExecutorKey key, ExecutorInfo info, String role, Resources resources) {}
