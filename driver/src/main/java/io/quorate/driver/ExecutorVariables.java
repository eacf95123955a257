package io.quorate.driver;

import io.quorate.protocol.text.MesosDurations;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.ExecutorID;
import io.quorate.protocol.v1.FrameworkID;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * What an agent tells an executor in its environment (Mesos 4.6). The token is a secret: the text
 * of this value does not show it.
 *
 * @param agent {@code host:port}, of {@code MESOS_AGENT_ENDPOINT} or {@code MESOS_SLAVE_PID}
 * @param tls whether the agent's port is spoken to by TLS: {@code SSL_ENABLED}, as in Mesos
 * @param checkpoint whether the executor outlives its agent for a while: {@code MESOS_CHECKPOINT}
 * @param recoveryTimeout how long it then waits for the agent: {@code MESOS_RECOVERY_TIMEOUT}
 * @param subscriptionPauseMax how often it then has to try: {@code MESOS_SUBSCRIPTION_BACKOFF_MAX}
 * @param shutdownGrace how long it has after SHUTDOWN: {@code MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD}
 * @param local whether its process is left alone then: {@code MESOS_LOCAL}
 * @param token what it proves itself with, where agents ask for it: {@code
 *     MESOS_EXECUTOR_AUTHENTICATION_TOKEN}
 */
public record ExecutorVariables(
    String agent,
    boolean tls,
    FrameworkID frameworkId,
    ExecutorID executorId,
    AgentID agentId,
    boolean checkpoint,
    Duration recoveryTimeout,
    Duration subscriptionPauseMax,
    Duration shutdownGrace,
    boolean local,
    Optional<String> token) {

  /**
   * Reads an environment.
   *
   * @throws IllegalArgumentException if a variable is missing or is not what it should be; the
   *     message names it
   */
  public static ExecutorVariables of(Map<String, String> environment) {
    return new ExecutorVariables(
        agent(environment),
        isSet(environment, "SSL_ENABLED") || isSet(environment, "LIBPROCESS_SSL_ENABLED"),
        FrameworkID.newBuilder().setValue(required(environment, "MESOS_FRAMEWORK_ID")).build(),
        ExecutorID.newBuilder().setValue(required(environment, "MESOS_EXECUTOR_ID")).build(),
        AgentID.newBuilder().setValue(required(environment, "MESOS_SLAVE_ID")).build(),
        "1".equals(environment.get("MESOS_CHECKPOINT")),
        duration(environment, "MESOS_RECOVERY_TIMEOUT", "15mins"),
        duration(environment, "MESOS_SUBSCRIPTION_BACKOFF_MAX", "2secs"),
        duration(environment, "MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD", "5secs"),
        environment.containsKey("MESOS_LOCAL"),
        Optional.ofNullable(environment.get("MESOS_EXECUTOR_AUTHENTICATION_TOKEN"))
            .filter(secret -> !secret.isEmpty()));
  }

  private static boolean isSet(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    return value.equals("1") || value.equals("true");
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          name + " is not in the environment: an executor is started by an agent, which sets it");
    }
    return value;
  }

  private static String agent(Map<String, String> environment) {
    String endpoint = environment.getOrDefault("MESOS_AGENT_ENDPOINT", "");
    if (!endpoint.isEmpty()) {
      return endpoint;
    }
    String process = required(environment, "MESOS_SLAVE_PID");
    return process.substring(process.indexOf('@') + 1);
  }

  private static Duration duration(Map<String, String> environment, String name, String usual) {
    try {
      return MesosDurations.parse(environment.getOrDefault(name, usual));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + ": " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "ExecutorVariables("
        + frameworkId.getValue()
        + ", "
        + executorId.getValue()
        + " at "
        + agent
        + ")";
  }
}
