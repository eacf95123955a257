package io.quorate.cli;

import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * Checks values of flags before anything is started. A value that breaks its rule is wrong usage:
 * the message names flag, rule and value, and the command's exit status is 2.
 */
final class FlagRules {
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.%]+\\]):([0-9]{1,5})");
  private static final int PORT_MAX = 65_535;

  private final CommandSpec spec;

  FlagRules(CommandSpec spec) {
    this.spec = spec;
  }

  /** Refuses a number outside of both bounds, which are allowed themselves. */
  void between(String flag, long least, long most, long value) {
    if (value < least || value > most) {
      throw validate(flag + " must be between " + least + " and " + most + ", not " + value);
    }
  }

  /** Refuses what is not a finite amount above zero. */
  void positive(String flag, double value) {
    if (!Double.isFinite(value) || value <= 0) {
      throw validate(flag + " must be a number above 0, not " + value);
    }
  }

  /** Refuses what is not {@code host:port}. */
  void hostAndPort(String flag, String value) {
    var form = HOST_AND_PORT.matcher(value);
    if (!form.matches()
        || Integer.parseInt(form.group(2)) < 1
        || Integer.parseInt(form.group(2)) > PORT_MAX) {
      throw validate(flag + " must be host:port with a port from 1 to 65535, not '" + value + "'");
    }
  }

  /** The failure that the command line turns into a message and into exit status 2. */
  CommandLine.ParameterException validate(String message) {
    return new CommandLine.ParameterException(spec.commandLine(), message);
  }
}
