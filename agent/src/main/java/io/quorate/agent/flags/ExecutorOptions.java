package io.quorate.agent.flags;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.quorate.protocol.text.DurationConverter;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The flags about executors (Mesos 4.5, 4.6, 9). */
public final class ExecutorOptions {
  /** As in Mesos: masters wait for an agent at least that long. */
  private static final Duration REREGISTRATION_TIMEOUT_MAX = Duration.ofSeconds(15);

  @Option(
      names = {"--executor_registration_timeout", "--executor-registration-timeout"},
      converter = DurationConverter.class,
      description = "From an executor's launch to its first SUBSCRIBE (default: 1mins).")
  private Duration executorRegistrationTimeout = Duration.ofMinutes(1);

  @Option(
      names = {"--executor_reregistration_timeout", "--executor-reregistration-timeout"},
      converter = DurationConverter.class,
      description =
          "From a restart of this agent to the SUBSCRIBE of an executor that runs (default: 2secs,"
              + " at most 15secs).")
  private Duration executorReregistrationTimeout = Duration.ofSeconds(2);

  @Option(
      names = {"--executor_shutdown_grace_period", "--executor-shutdown-grace-period"},
      converter = DurationConverter.class,
      description =
          "From SHUTDOWN of an executor to SIGKILL, where it does not say otherwise (default:"
              + " 5secs).")
  private Duration executorShutdownGracePeriod = Duration.ofSeconds(5);

  @Option(
      names = {"--recovery_timeout", "--recovery-timeout"},
      converter = DurationConverter.class,
      description = "How long executors are told to wait for this agent (default: 15mins).")
  private Duration recoveryTimeout = Duration.ofMinutes(15);

  @Option(
      names = {"--executor_heartbeat_interval", "--executor-heartbeat-interval"},
      converter = DurationConverter.class,
      description = "Between two HEARTBEAT events to an executor (default: 30mins).")
  private Duration executorHeartbeatInterval = Duration.ofMinutes(30);

  @Option(
      names = {"--max_executor_call_bytes", "--max-executor-call-bytes"},
      description = "The largest call of an executor; a larger one gets 413 (default: 8388608).")
  private int executorCallBytesMax = 8 << 20;

  @Option(
      names = {"--max_executor_unread_bytes", "--max-executor-unread-bytes"},
      description =
          "What an executor may leave unread before its stream is cut off (default: 4194304).")
  private int executorUnreadBytesMax = 4 << 20;

  @Option(
      names = {"--max_updates_per_task", "--max-updates-per-task"},
      description =
          "Updates of one task that may wait for the scheduler; one more gets 429 (default:"
              + " ${DEFAULT-VALUE}).")
  private int updatesPerTaskMax = 1_000;

  @Option(
      names = {"--authenticate_http_executors", "--authenticate-http-executors"},
      negatable = true,
      defaultValue = "false",
      fallbackValue = "true",
      description =
          "Take calls of executors only with the token that they are started with,"
              + " MESOS_EXECUTOR_AUTHENTICATION_TOKEN. Without this flag one who sends no token is"
              + " also believed if its socket belongs to a process of the executor's container"
              + " (default: false).")
  private boolean authenticate;

  @Option(
      names = {"--executor_environment_variables", "--executor-environment-variables"},
      description =
          "The variables that executors and tasks get besides their own, a JSON object of texts, or"
              + " file:// and a path (default: PATH, LANG, LC_* and TZ of the agent, and nothing"
              + " else of it).")
  private String environment;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /**
   * Returns the settings that the flags say.
   *
   * @throws ParameterException if one is out of its bounds; the message names the flag and the rule
   */
  public ExecutorSettings settings() {
    if (executorReregistrationTimeout.compareTo(REREGISTRATION_TIMEOUT_MAX) > 0) {
      throw new ParameterException(
          spec.commandLine(), "--executor_reregistration_timeout must be at most 15secs");
    }
    return new ExecutorSettings(
        executorRegistrationTimeout,
        executorReregistrationTimeout,
        executorShutdownGracePeriod,
        recoveryTimeout,
        executorHeartbeatInterval,
        executorCallBytesMax,
        executorUnreadBytesMax,
        authenticate,
        Optional.ofNullable(environment).map(this::variables),
        updatesPerTaskMax);
  }

  private Map<String, String> variables(String said) {
    Map<String, String> variables = new LinkedHashMap<>();
    try (JsonParser json =
        new JsonFactory()
            .createParser(FlagSources.text("--executor_environment_variables", said))) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw refusal("must be a JSON object");
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        if (json.nextToken() != JsonToken.VALUE_STRING) {
          throw refusal("has something else than a text for '" + name + "'");
        }
        if (name.isEmpty()
            || name.indexOf('=') >= 0
            || (name + json.getText()).indexOf('\0') >= 0) {
          throw refusal("has a name or value that no variable can have: '" + name + "'");
        }
        variables.put(name, json.getText());
      }
      if (json.currentToken() != JsonToken.END_OBJECT || json.nextToken() != null) {
        throw refusal("must be one JSON object");
      }
    } catch (IOException e) {
      throw refusal("is no JSON: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
    return variables;
  }

  private ParameterException refusal(String why) {
    return new ParameterException(spec.commandLine(), "--executor_environment_variables " + why);
  }
}
