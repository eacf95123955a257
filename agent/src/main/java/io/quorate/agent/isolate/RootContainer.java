package io.quorate.agent.isolate;

import java.util.List;

/**
 * The outermost container of a run, which is what limits are set on: that of a command task, or of
 * an executor with all of its tasks.
 *
 * @param id the container's id
 * @param containers the ids of this container and of those nested in it
 * @param resources what all of them were given
 */
public record RootContainer(String id, List<String> containers, ContainerResources resources) {}
