package io.quorate.agent.docker.request;

import io.quorate.agent.isolate.ContainerResources;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.ContainerInfo;
import io.quorate.protocol.v1.Resource;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * All that a container is made of.
 *
 * @param container its id as Mesos has it
 * @param labels the agent's own
 * @param info what the task or executor says of it
 * @param command what runs in it
 * @param resources what it was given: ports are taken from them, and volumes
 * @param amounts what it may use
 * @param quota whether cpus are a quota, too, and not a weight only
 * @param environment all of the agent's and the task's variables
 * @param sandbox on the host
 * @param volume where a persistent volume is on the host
 */
public record ContainerSpec(
    String container,
    Map<String, String> labels,
    ContainerInfo info,
    CommandInfo command,
    List<Resource> resources,
    ContainerResources amounts,
    boolean quota,
    Map<String, String> environment,
    Path sandbox,
    Function<Resource, Path> volume) {}
