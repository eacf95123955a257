package io.quorate.agent.flags;

import io.quorate.protocol.MesosDurations;
import java.time.Duration;
import picocli.CommandLine;

/** Flags whose value is a duration as Mesos writes them. */
final class MesosDuration implements CommandLine.ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return MesosDurations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }
}
