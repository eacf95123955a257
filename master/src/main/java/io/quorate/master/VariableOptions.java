package io.quorate.master;

import io.quorate.master.decide.draft.VariableLimits;
import picocli.CommandLine.Option;

/** The flags about what frameworks may keep in variables (docs/variables.md). */
final class VariableOptions {
  private static final VariableLimits DEFAULT = VariableLimits.DEFAULT;

  /** An entry of the log holds a value twice, in the call and in the event. */
  private static final int VALUE_BYTES_LIMIT = 4 << 20;

  @Option(
      names = {"--max_variable_name_bytes", "--max-variable-name-bytes"},
      description =
          "Bytes of the name of a framework's variable, and of its namespace (default:"
              + " ${DEFAULT-VALUE}).")
  private int nameBytesMax = DEFAULT.nameBytesMax();

  @Option(
      names = {"--max_variable_value_bytes", "--max-variable-value-bytes"},
      description = "Bytes of the value of one variable, up to 4 MiB (default: ${DEFAULT-VALUE}).")
  private int valueBytesMax = DEFAULT.valueBytesMax();

  @Option(
      names = {"--max_variables_per_namespace", "--max-variables-per-namespace"},
      description = "Variables of one namespace (default: ${DEFAULT-VALUE}).")
  private int countMax = DEFAULT.countMax();

  @Option(
      names = {"--max_variable_bytes_per_namespace", "--max-variable-bytes-per-namespace"},
      description =
          "Bytes of all variables of one namespace: values, names and 200 for each (default:"
              + " ${DEFAULT-VALUE}).")
  private long namespaceBytesMax = DEFAULT.namespaceBytesMax();

  @Option(
      names = {"--max_variable_bytes", "--max-variable-bytes"},
      description =
          "Bytes of all variables of all namespaces; every master has them in memory (default:"
              + " ${DEFAULT-VALUE}).")
  private long bytesMax = DEFAULT.bytesMax();

  /**
   * What the flags say.
   *
   * @throws IllegalArgumentException if a flag has a value that it must not have
   */
  VariableLimits limits() {
    validate("max_variable_name_bytes", nameBytesMax, 1, 1 << 10);
    validate("max_variable_value_bytes", valueBytesMax, 0, VALUE_BYTES_LIMIT);
    validate("max_variables_per_namespace", countMax, 0, Integer.MAX_VALUE);
    validate("max_variable_bytes_per_namespace", namespaceBytesMax, 0, Long.MAX_VALUE);
    validate("max_variable_bytes", bytesMax, 0, Long.MAX_VALUE);
    return new VariableLimits(nameBytesMax, valueBytesMax, countMax, namespaceBytesMax, bytesMax);
  }

  private static void validate(String flag, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "--" + flag + " must be between " + min + " and " + max + ", not " + value);
    }
  }
}
