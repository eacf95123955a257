package io.quorate.cli;

import io.quorate.protocol.text.Failures;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code quorate} command: it has one sub-command for each thing that a person does. */
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
      "  simulate Runs masters, agents and frameworks under one seed: quorate simulate --help",
      "  chaos    Runs a cluster and does it harm: quorate chaos --help",
      "  bench    Measures beside etcd: quorate bench commits|failover|tasks",
      "  build    Builds what is missing or out of date",
      "  test     Runs every test",
      "",
      "A first try:",
      "  quorate up --detach --dir /tmp/q && quorate run 'echo hello' && quorate down --dir /tmp/q",
      "",
      "Exit status: 0 done, 1 failed, 2 wrong usage."
    })
public final class QuorateMain {
  /** Exits with the sub-command's status. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args.length == 0 ? new String[] {"help"} : args));
  }

  /**
   * The command with all of its sub-commands. What fails is said in one line; a failure that no
   * command expects is a defect of ours, and is told with all that helps to find it.
   */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new QuorateMain());
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          PrintWriter err = command.getErr();
          err.println("quorate: " + Failures.describe(failure));
          if (failure instanceof RuntimeException) {
            err.println("quorate: this should not happen; please report what follows");
            failure.printStackTrace(err);
          }
          return 1;
        });
    return line;
  }
}
