package io.quorate.driver.mesos.executor;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the agent tells an executor in its environment: {@code MESOS_AGENT_ENDPOINT} (or {@code
 * MESOS_SLAVE_PID}), {@code MESOS_SLAVE_ID}, {@code MESOS_FRAMEWORK_ID}, {@code MESOS_EXECUTOR_ID},
 * {@code MESOS_DIRECTORY}, and what may be missing. The token is a secret and in no message.
 */
public final class ExecutorEnvironment {
  private static final Map<String, Long> UNITS = units();

  private final Map<String, String> environment;

  /**
   * Checks that all that is needed is there.
   *
   * @throws IllegalStateException with the name of the variable that is missing or wrong
   */
  public ExecutorEnvironment(Map<String, String> environment) {
    this.environment = new HashMap<>(environment);
    agentId();
    frameworkId();
    executorId();
    required("MESOS_DIRECTORY");
    agent();
    recoveryNanos();
    graceNanos();
  }

  private static Map<String, Long> units() {
    Map<String, Long> units = new HashMap<>();
    units.put("ns", 1L);
    units.put("us", TimeUnit.MICROSECONDS.toNanos(1));
    units.put("ms", TimeUnit.MILLISECONDS.toNanos(1));
    units.put("secs", TimeUnit.SECONDS.toNanos(1));
    units.put("mins", TimeUnit.MINUTES.toNanos(1));
    units.put("hrs", TimeUnit.HOURS.toNanos(1));
    units.put("days", TimeUnit.DAYS.toNanos(1));
    units.put("weeks", TimeUnit.DAYS.toNanos(7));
    return units;
  }

  private String required(String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      throw new IllegalStateException(
          name + " is not in the environment; an executor is started by an agent, which sets it");
    }
    return value;
  }

  /** The agent's id. */
  public String agentId() {
    return required("MESOS_SLAVE_ID");
  }

  /** The framework's id. */
  public String frameworkId() {
    return required("MESOS_FRAMEWORK_ID");
  }

  /** The executor's id. */
  public String executorId() {
    return required("MESOS_EXECUTOR_ID");
  }

  /** The agent's {@code host:port}. */
  public String agent() {
    String endpoint = environment.getOrDefault("MESOS_AGENT_ENDPOINT", "");
    if (!endpoint.isEmpty()) {
      return endpoint;
    }
    String pid = required("MESOS_SLAVE_PID");
    return pid.substring(pid.indexOf('@') + 1);
  }

  /** Whether the executor outlives its agent for a while. */
  public boolean checkpoint() {
    return "1".equals(environment.get("MESOS_CHECKPOINT"));
  }

  /** How long it waits for an agent that is lost. */
  public long recoveryNanos() {
    return nanos("MESOS_RECOVERY_TIMEOUT", "15mins");
  }

  /** How long after {@code shutdown} the process may still run. */
  public long graceNanos() {
    return nanos("MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs");
  }

  /** Whether the process is left alone after {@code shutdown}. */
  public boolean local() {
    return environment.containsKey("MESOS_LOCAL");
  }

  /** The header that proves who the executor is, where agents ask for it. */
  public Optional<String> authorization() {
    return Optional.ofNullable(environment.get("MESOS_EXECUTOR_AUTHENTICATION_TOKEN"))
        .filter(token -> !token.isEmpty())
        .map(token -> "Bearer " + token);
  }

  private long nanos(String name, String otherwise) {
    String text = environment.getOrDefault(name, otherwise);
    String unit = text.replaceFirst("^[0-9.]+", "");
    try {
      String number = text.substring(0, text.length() - unit.length());
      return (long) (Double.parseDouble(number) * UNITS.get(unit));
    } catch (NumberFormatException | NullPointerException e) {
      throw new IllegalStateException(
          name + " must be a number with a unit, such as 5secs, not " + text, e);
    }
  }
}
