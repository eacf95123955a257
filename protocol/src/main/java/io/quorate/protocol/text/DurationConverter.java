package io.quorate.protocol.text;

import java.time.Duration;
import picocli.CommandLine;

/** Converts the value of a flag that is a duration as {@link MesosDurations} reads it. */
public final class DurationConverter implements CommandLine.ITypeConverter<Duration> {
  @Override
  public Duration convert(String text) {
    try {
      return MesosDurations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }
}
