package io.quorate.agent.check;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The surroundings of the task that is looked at, in which commands of checks run.
 *
 * @param sandbox where commands run
 * @param lower the words that make a program run with the rights of the task's user
 * @param environment the variables of the task
 */
public record Target(Path sandbox, List<String> lower, Map<String, String> environment) {}
