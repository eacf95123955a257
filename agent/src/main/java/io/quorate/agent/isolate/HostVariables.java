package io.quorate.agent.isolate;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables that containers inherit from the agent: all but those that configure the agent
 * itself or its Java. A scheduler, an agent or a Java program that runs as a task would take them
 * for its own, and they may say where secrets lie (MESOS-6747).
 */
public final class HostVariables {
  private static final List<String> PREFIXES = List.of("MESOS_", "LIBPROCESS_", "QUORATE_");
  private static final Set<String> NAMES =
      Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

  private HostVariables() {}

  /**
   * Removes the agent's own variables from an environment that was copied from it.
   *
   * @param environment is changed
   */
  public static void removeAgentsOwn(Map<String, String> environment) {
    environment
        .keySet()
        .removeIf(name -> NAMES.contains(name) || PREFIXES.stream().anyMatch(name::startsWith));
  }
}
