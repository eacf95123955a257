package io.quorate.agent.isolate;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The variables that containers get of the agent's host. The agent's own are not among them: they
 * configure it and its Java, and may hold secrets (MESOS-6747). Only the path of programs, the
 * language and the time zone are, or what {@code --executor_environment_variables} says instead.
 */
public final class HostVariables {
  /** Where programs are looked for if nobody says otherwise, as in Mesos. */
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private HostVariables() {}

  /**
   * Returns the variables that everything in a container has, unless its own ones say otherwise.
   *
   * @param agents the agent's environment
   * @param said what {@code --executor_environment_variables} says
   */
  public static Map<String, String> of(
      Map<String, String> agents, Optional<Map<String, String>> said) {
    Map<String, String> variables = new TreeMap<>();
    variables.put("PATH", PATH);
    if (said.isPresent()) {
      variables.putAll(said.get());
      return variables;
    }
    agents.forEach(
        (name, value) -> {
          if (name.equals("PATH")
              || name.equals("LANG")
              || name.equals("TZ")
              || name.startsWith("LC_")) {
            variables.put(name, value);
          }
        });
    return variables;
  }
}
