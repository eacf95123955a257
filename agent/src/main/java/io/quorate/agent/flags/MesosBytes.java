package io.quorate.agent.flags;

import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/** Sizes as Mesos writes them: a whole number and one of B KB MB GB TB, each 1024 of the last. */
final class MesosBytes implements CommandLine.ITypeConverter<Long> {
  private static final Pattern FORM = Pattern.compile("([0-9]{1,9})([KMGT]?B)");
  private static final Map<String, Integer> SHIFTS =
      Map.of("B", 0, "KB", 10, "MB", 20, "GB", 30, "TB", 40);

  @Override
  public Long convert(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new CommandLine.TypeConversionException(
          "'" + text + "' is no size: a whole number and one of B KB MB GB TB");
    }
    return Long.parseLong(form.group(1)) << SHIFTS.get(form.group(2));
  }
}
