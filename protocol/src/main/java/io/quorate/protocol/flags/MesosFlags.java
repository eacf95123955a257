package io.quorate.protocol.flags;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/**
 * The flags of a daemon of Mesos 1.11 (its configuration reference), and what they are here. Those
 * that have an option are the option's business. Of the others some are taken with the values that
 * mean what is done anyway, and the rest are refused by name on the command line and named in a
 * warning where they come from the environment. It is immutable.
 */
public final class MesosFlags {
  private static final Logger LOG = LoggerFactory.getLogger(MesosFlags.class);
  private static final String PREFIX = "MESOS_";

  /** Variables of that prefix that are no flags, but libraries' and tasks' own. */
  private static final Set<String> NO_FLAGS =
      Set.of("MESOS_NATIVE_JAVA_LIBRARY", "MESOS_NATIVE_LIBRARY", "MESOS_BUILD_DIR", "MESOS_HOME");

  private final SortedMap<String, Without> known;

  private MesosFlags(SortedMap<String, Without> known) {
    this.known = known;
  }

  /**
   * What a flag without an option is.
   *
   * @param values those that mean what is done anyway; none where the flag is refused
   * @param why what to do instead, or how it is here; empty if there is nothing to say
   */
  public record Without(Set<String> values, String why) {}

  /** Returns the flags of a master. */
  public static MesosFlags ofMaster() {
    return read(MesosFlagTexts.MASTER);
  }

  /** Returns the flags of an agent. */
  public static MesosFlags ofAgent() {
    return read(MesosFlagTexts.AGENT);
  }

  /** Lines of name, values between {@code |}, and a sentence; blanks between them. */
  private static MesosFlags read(String lines) {
    SortedMap<String, Without> known = new TreeMap<>();
    for (String line : lines.strip().split("\n")) {
      String[] parts = line.strip().split(" ", 3);
      Set<String> values =
          parts.length < 2 || parts[1].equals("-") ? Set.of() : Set.of(parts[1].split("\\|"));
      known.put(parts[0], new Without(values, parts.length < 3 ? "" : parts[2]));
    }
    return new MesosFlags(known);
  }

  /** All of them, by name; for the page that lists them. */
  public SortedMap<String, Without> all() {
    return new TreeMap<>(known);
  }

  /**
   * The arguments that are the daemon's own business. What else is named on the command line is
   * checked, and what the environment names is said in the log.
   *
   * @param line the daemon's options
   * @throws IllegalArgumentException if a flag is not part of this release, or has a value that is
   *     not; the message names the flag and what to do
   */
  public String[] own(CommandLine line, String[] arguments, Map<String, String> environment) {
    CommandSpec spec = line.getCommandSpec();
    new TreeMap<>(environment).forEach((name, value) -> checkVariable(spec, name, value));
    List<String> own = new ArrayList<>();
    for (int at = 0; at < arguments.length; at++) {
      String argument = arguments[at];
      Optional<String> name = name(argument).filter(flag -> isWithoutOption(spec, flag));
      if (name.isEmpty()) {
        own.add(argument);
        continue;
      }
      boolean apart =
          argument.indexOf('=') < 0
              && at + 1 < arguments.length
              && !arguments[at + 1].startsWith("--");
      validate(name.get(), apart ? arguments[++at] : value(argument))
          .ifPresent(
              why -> {
                throw new IllegalArgumentException("--" + name.get() + " " + why);
              });
    }
    return own.toArray(String[]::new);
  }

  private static String value(String argument) {
    int equals = argument.indexOf('=');
    boolean negated = argument.startsWith("--no-") || argument.startsWith("--no_");
    return equals >= 0 ? argument.substring(equals + 1) : Boolean.toString(!negated);
  }

  private boolean isWithoutOption(CommandSpec spec, String flag) {
    return known.containsKey(flag) && spec.findOption("--" + flag) == null;
  }

  private Optional<String> name(String argument) {
    if (!argument.startsWith("--")) {
      return Optional.empty();
    }
    String name = argument.substring(2).split("=", 2)[0].replace('-', '_');
    if (!known.containsKey(name) && name.startsWith("no_")) {
      name = name.substring("no_".length());
    }
    return Optional.of(name);
  }

  private void checkVariable(CommandSpec spec, String variable, String value) {
    if (!variable.startsWith(PREFIX) || NO_FLAGS.contains(variable)) {
      return;
    }
    String flag = variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT);
    if (spec.findOption("--" + flag) != null) {
      return;
    }
    if (!known.containsKey(flag)) {
      LOG.warn("The variable {} names no flag, and is ignored", variable);
      return;
    }
    validate(flag, value)
        .ifPresent(why -> LOG.warn("The variable {} is ignored: --{} {}", variable, flag, why));
  }

  /** Says what is wrong with a flag that has no option; empty if it means what is done anyway. */
  private Optional<String> validate(String flag, String value) {
    Without without = known.get(flag);
    if (without.values().contains(value) || without.values().contains("*")) {
      return Optional.empty();
    }
    String rule =
        without.values().isEmpty()
            ? "is not part of this release"
            : "can only be "
                + String.join(" or ", without.values().stream().sorted().toList())
                + " in this release, not '"
                + value
                + "'";
    return Optional.of(rule + (without.why().isEmpty() ? "" : ": " + without.why()));
  }

  /**
   * Says what is wrong with the addresses of masters, as far as they are Mesos's way to say them.
   *
   * @param masters host:port of each, or what an operator wrote for it
   */
  public static Optional<String> validateMasters(List<String> masters) {
    return masters.stream()
        .filter(master -> master.contains("://"))
        .findFirst()
        .map(
            master ->
                (master.startsWith("zk://") ? "there is no ZooKeeper here" : "it is no address")
                    + ": name the masters themselves, as in --master=m1:5050,m2:5050,m3:5050");
  }
}
