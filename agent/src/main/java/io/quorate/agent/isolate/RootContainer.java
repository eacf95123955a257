package io.quorate.agent.isolate;

import java.util.List;

/**
 * What is limited as one: a command task, or an executor with all of its tasks.
 *
 * @param id of its outermost container
 * @param containers that one, and those inside
 */
public record RootContainer(String id, List<String> containers, ContainerResources resources) {}
