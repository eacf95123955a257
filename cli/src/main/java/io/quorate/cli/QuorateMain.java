package io.quorate.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code quorate} command. */
@Command(
    name = "quorate",
    description = "A cluster manager that speaks the Mesos protocols and keeps its own quorum.",
    mixinStandardHelpOptions = true,
    version = "Quorate 0.1.0",
    subcommands = {
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      MembersCommand.class,
      TransferCommand.class,
      RunCommand.class,
      DemoCommand.class,
      CommandLine.HelpCommand.class
    },
    footer = {
      "",
      "The launcher itself knows these as well:",
      "  master   Runs one master: quorate master --help",
      "  agent    Runs an agent: quorate agent --help",
      "  build    Builds what is missing or out of date",
      "  test     Runs every test",
      "  bench    Measures beside etcd: quorate bench commits|failover|tasks",
      "",
      "A first try:",
      "  quorate up --detach --dir /tmp/q && quorate run 'echo hello' && quorate down --dir /tmp/q",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage."
    })
public final class QuorateMain {
  /** Exits with the sub-command's status. */
  public static void main(String[] args) {
    CommandLine line = new CommandLine(new QuorateMain());
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          System.err.println("quorate: " + failure.getMessage());
          return 1;
        });
    System.exit(line.execute(args.length == 0 ? new String[] {"help"} : args));
  }
}
