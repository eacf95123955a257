package io.quorate.protocol.text;

import picocli.CommandLine;

/** Converts the value of a flag that is a size as {@link MesosSizes} reads it, to bytes. */
public final class SizeConverter implements CommandLine.ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return MesosSizes.parse(text);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.TypeConversionException(e.getMessage());
    }
  }
}
