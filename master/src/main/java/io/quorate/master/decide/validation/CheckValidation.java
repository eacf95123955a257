package io.quorate.master.decide.validation;

import io.quorate.protocol.resources.FixedPoint;
import io.quorate.protocol.v1.CheckInfo;
import io.quorate.protocol.v1.HealthCheck;
import io.quorate.protocol.v1.TaskInfo;
import java.util.Optional;

/** The rules for checks and health checks (Mesos 4.13; CP-231). */
public final class CheckValidation {
  private CheckValidation() {}

  public static Optional<String> validate(TaskInfo task) {
    Optional<String> wrong =
        task.hasCheck()
            ? validate(task.getCheck()).map(why -> "Task's 'check': " + why)
            : Optional.empty();
    return wrong.or(
        () ->
            task.hasHealthCheck()
                ? validate(task.getHealthCheck()).map(why -> "Task's 'health_check': " + why)
                : Optional.empty());
  }

  private static Optional<String> validate(CheckInfo check) {
    if (!check.hasType()) {
      return Optional.of("'type' is not set");
    }
    Optional<String> wrong =
        switch (check.getType()) {
          case COMMAND ->
              required(check.hasCommand(), "command")
                  .or(() -> value(check.getCommand().getCommand().hasValue()))
                  .or(
                      () ->
                          ContainerValidation.validateEnvironment(check.getCommand().getCommand()));
          case HTTP ->
              required(check.hasHttp(), "http")
                  .or(() -> path(check.getHttp().hasPath(), check.getHttp().getPath()));
          case TCP -> required(check.hasTcp(), "tcp");
          case UNKNOWN -> Optional.of("'type' UNKNOWN is not a type of check");
        };
    return wrong
        .or(() -> seconds("delay_seconds", check.getDelaySeconds()))
        .or(() -> seconds("interval_seconds", check.getIntervalSeconds()))
        .or(() -> seconds("timeout_seconds", check.getTimeoutSeconds()));
  }

  /** A health check without a type has that of the field present (Mesos 3.6.1). */
  private static Optional<String> validate(HealthCheck check) {
    HealthCheck.Type type = check.getType();
    if (!check.hasType()) {
      if (check.hasCommand() == check.hasHttp()) {
        return Optional.of("'type' is not set, and not told by one of 'command' and 'http'");
      }
      type = check.hasCommand() ? HealthCheck.Type.COMMAND : HealthCheck.Type.HTTP;
    }
    Optional<String> wrong =
        switch (type) {
          case COMMAND ->
              required(check.hasCommand(), "command")
                  .or(() -> value(check.getCommand().hasValue()))
                  .or(() -> ContainerValidation.validateEnvironment(check.getCommand()));
          case HTTP ->
              required(check.hasHttp(), "http")
                  .or(() -> path(check.getHttp().hasPath(), check.getHttp().getPath()))
                  .or(() -> scheme(check.getHttp()));
          case TCP -> required(check.hasTcp(), "tcp");
          case UNKNOWN -> Optional.of("'type' UNKNOWN is not a type of health check");
        };
    return wrong
        .or(() -> seconds("delay_seconds", check.getDelaySeconds()))
        .or(() -> seconds("grace_period_seconds", check.getGracePeriodSeconds()))
        .or(() -> seconds("interval_seconds", check.getIntervalSeconds()))
        .or(() -> seconds("timeout_seconds", check.getTimeoutSeconds()));
  }

  private static Optional<String> required(boolean present, String field) {
    return present ? Optional.empty() : Optional.of("'" + field + "' must be set for its type");
  }

  private static Optional<String> value(boolean present) {
    return present ? Optional.empty() : Optional.of("'command.value' must be set");
  }

  private static Optional<String> path(boolean present, String path) {
    return present && !path.startsWith("/")
        ? Optional.of("'http.path' must begin with '/'")
        : Optional.empty();
  }

  private static Optional<String> scheme(HealthCheck.HTTPCheckInfo http) {
    boolean known =
        !http.hasScheme() || http.getScheme().equals("http") || http.getScheme().equals("https");
    return known ? Optional.empty() : Optional.of("'http.scheme' must be http or https");
  }

  private static Optional<String> seconds(String field, double value) {
    return FixedPoint.nanos(value) >= 0
        ? Optional.empty()
        : Optional.of("'" + field + "' must be non-negative");
  }
}
