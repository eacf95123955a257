package io.quorate.agent.flags;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Where a flag's value may come from, besides the command line, as in Mesos: a variable of the
 * environment ({@code MESOS_WORK_DIR} for {@code --work_dir}; CP-463), and a file that the value
 * names ({@code file:///etc/resources}; CP-464). The command line wins over the environment.
 */
public final class FlagSources implements IDefaultValueProvider {
  private static final String FILE = "file://";

  private final Map<String, String> environment;

  /**
   * Makes a source of values.
   *
   * @param environment the variables of this process
   */
  public FlagSources(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)) {
      return null;
    }
    String name = option.longestName().replaceFirst("^--", "").replace('-', '_');
    return environment.get("MESOS_" + name.toUpperCase(Locale.ROOT));
  }

  /**
   * Returns the value of a flag, from the file that it names if it begins with {@code file://}.
   *
   * @param flag its name, for the error
   * @throws IllegalArgumentException if the file cannot be read; the message names flag and file
   */
  public static String text(String flag, String value) {
    if (!value.startsWith(FILE)) {
      return value;
    }
    String path = value.substring(FILE.length());
    try {
      return Files.readString(Path.of(path), StandardCharsets.UTF_8).strip();
    } catch (IOException | InvalidPathException e) {
      throw new IllegalArgumentException(
          flag + " names the file " + path + ", unreadable: " + e, e);
    }
  }
}
