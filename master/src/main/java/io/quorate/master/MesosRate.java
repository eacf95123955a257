package io.quorate.master;

import io.quorate.master.leader.RemovalRate;
import io.quorate.protocol.text.DurationConverter;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A rate as Mesos's flags write it: {@code 1/10mins}. */
final class MesosRate implements ITypeConverter<RemovalRate> {
  @Override
  public RemovalRate convert(String text) {
    int slash = text.indexOf('/');
    try {
      int permits = Integer.parseInt(text.substring(0, Math.max(slash, 0)));
      if (permits > 0) {
        return new RemovalRate(permits, new DurationConverter().convert(text.substring(slash + 1)));
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new TypeConversionException("'" + text + "' is not a rate such as 1/10mins");
  }
}
