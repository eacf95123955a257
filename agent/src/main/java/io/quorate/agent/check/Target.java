package io.quorate.agent.check;

import io.quorate.agent.supervise.Rights;
import java.nio.file.Path;
import java.util.Map;

/**
 * The surroundings of the task that is looked at, in which commands of checks run.
 *
 * @param sandbox where commands run
 * @param rights those of the task's user
 * @param environment the variables of the task
 */
public record Target(Path sandbox, Rights rights, Map<String, String> environment) {}
