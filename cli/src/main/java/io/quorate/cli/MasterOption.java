package io.quorate.cli;

import java.util.List;
import picocli.CommandLine.Option;

/** Which quorum a command talks to. */
final class MasterOption {
  @Option(
      names = "--master",
      split = ",",
      defaultValue = "${env:QUORATE_MASTER:-127.0.0.1:5050,127.0.0.1:5051,127.0.0.1:5052}",
      description =
          "Masters, host:port,... (default: $QUORATE_MASTER, else those of `quorate up`).")
  private List<String> masters;

  List<String> masters() {
    return masters;
  }
}
