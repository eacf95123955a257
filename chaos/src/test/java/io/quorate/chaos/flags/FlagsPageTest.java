package io.quorate.chaos.flags;

import static org.assertj.core.api.Assertions.assertThat;

import io.quorate.agent.AgentMain;
import io.quorate.master.MasterMain;
import io.quorate.protocol.flags.MesosFlags;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Holds docs/flags.md to the code. With -Dflags.write=true it writes the page. */
class FlagsPageTest {
  private static final Path PAGE = Path.of("../docs/flags.md");

  private static String page() {
    return """
    # Flags

    Each flag of Mesos 1.11's masters and agents, and what it is here; then the flags that Mesos does not have. Every flag may also come from the
    environment, as in `MESOS_WORK_DIR` for `--work_dir`; the command line wins. `./quorate master --help` and `./quorate agent --help` say what
    each means. A flag without an option is refused by name on the command line, unless its value means what is done anyway. In the environment it is ignored, with a line at
    WARN; so is a variable `MESOS_*` that names no flag.

    This page is made by a test from the code (`FlagsPageTest`, which fails when it is stale).

    ## Masters

    """
        + table(MesosFlags.ofMaster(), new CommandLine(new MasterMain()).getCommandSpec())
        + "\n## Agents\n\n"
        + table(MesosFlags.ofAgent(), new CommandLine(new AgentMain()).getCommandSpec());
  }

  private static String table(MesosFlags flags, CommandSpec spec) {
    StringBuilder page = new StringBuilder("| Mesos's flag | here | |\n|---|---|---|\n");
    flags
        .all()
        .forEach(
            (name, without) -> {
              boolean option = spec.findOption("--" + name) != null;
              String state = "no";
              if (option) {
                state = "yes";
              } else if (without.values().contains("*")) {
                state = "any value, without effect";
              } else if (!without.values().isEmpty()) {
                state =
                    without.values().stream()
                        .sorted()
                        .map(value -> "`" + value + "`")
                        .collect(Collectors.joining(" or "));
              }
              page.append(
                  "| `--%s` | %s | %s |\n".formatted(name, state, option ? "" : without.why()));
            });
    TreeSet<String> own = new TreeSet<>();
    for (OptionSpec option : spec.options()) {
      own.add(option.names()[0]);
    }
    flags.all().keySet().forEach(name -> own.remove("--" + name));
    own.removeIf(name -> !name.startsWith("--"));
    page.append("\nWithout a like in Mesos: ");
    page.append(own.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", ")));
    return page.append(".\n").toString();
  }

  @Test
  @DisplayName("the page of flags says what the code does")
  void shouldBeTrueToTheCode() throws Exception {
    if (Boolean.getBoolean("flags.write")) {
      Files.writeString(PAGE, page());
    }
    assertThat(PAGE)
        .as("to write it: FlagsPageTest with -Dflags.write=true")
        .content()
        .isEqualTo(page());
  }
}
