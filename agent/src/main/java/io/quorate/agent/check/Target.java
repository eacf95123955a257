package io.quorate.agent.check;

import io.quorate.agent.supervise.Rights;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The surroundings of the task that is looked at, in which commands of checks run.
 *
 * @param sandbox where commands run
 * @param rights those of the task's user
 * @param docker the name of the container that it runs in, if that is one of Docker
 * @param environment the variables of the task
 */
public record Target(
    Path sandbox, Rights rights, Optional<String> docker, Map<String, String> environment) {}
