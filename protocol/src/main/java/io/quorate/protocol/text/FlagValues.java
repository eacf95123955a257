package io.quorate.protocol.text;

import java.time.Duration;
import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** What a daemon was started with, as {@code /flags} shows it: Mesos's names, and text. */
public final class FlagValues {
  private FlagValues() {}

  /** Of all flags that have a value. None of them is a secret: those are in files. */
  public static SortedMap<String, String> of(CommandSpec spec) {
    SortedMap<String, String> flags = new TreeMap<>();
    for (OptionSpec option : spec.options()) {
      Object value = option.getValue();
      if (value != null && !option.usageHelp() && !option.versionHelp()) {
        flags.put(option.names()[0].substring(2), text(value));
      }
    }
    return flags;
  }

  private static String text(Object value) {
    if (value instanceof Duration duration) {
      return MesosDurations.print(duration);
    }
    if (value instanceof Collection<?> items) {
      return items.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return String.valueOf(value);
  }
}
