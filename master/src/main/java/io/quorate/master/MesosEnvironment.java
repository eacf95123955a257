package io.quorate.master;

import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Flags may come from the environment: {@code MESOS_WORK_DIR} for {@code --work_dir} (Mesos 9). */
final class MesosEnvironment implements CommandLine.IDefaultValueProvider {
  @Override
  public String defaultValue(ArgSpec argument) {
    if (!(argument instanceof OptionSpec option)
        || option.longestName().equals("--help")
        || option.longestName().equals("--version")) {
      return null;
    }
    String name = option.longestName().substring(2).replace('-', '_').toUpperCase(Locale.ROOT);
    return System.getenv("MESOS_" + name);
  }
}
