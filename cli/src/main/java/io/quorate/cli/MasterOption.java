package io.quorate.cli;

import io.quorate.cluster.HttpReader;
import io.quorate.protocol.auth.BasicCredential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Which quorum a command talks to, and as whom. */
final class MasterOption {
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--master",
      split = ",",
      defaultValue = "${env:QUORATE_MASTER:-127.0.0.1:5050,127.0.0.1:5051,127.0.0.1:5052}",
      description =
          "Masters, host:port,... (default: $QUORATE_MASTER, else those of `quorate up`).")
  private List<String> masters;

  @Option(
      names = "--principal",
      defaultValue = "${env:QUORATE_PRINCIPAL}",
      description = "Who to log in as, for masters that ask (default: $QUORATE_PRINCIPAL).")
  private String principal;

  @Option(
      names = {"--secret-file", "--secret_file"},
      defaultValue = "${env:QUORATE_SECRET_FILE}",
      description = "File with its secret; mode 600 (default: $QUORATE_SECRET_FILE).")
  private Path secretFile;

  /** The masters that were named, each of them {@code host:port}. */
  List<String> masters() {
    FlagRules rules = new FlagRules(spec);
    masters.forEach(master -> rules.hostAndPort("--master", master));
    return masters;
  }

  /**
   * What to log in with; empty if nothing was given.
   *
   * @throws IOException if the file cannot be read
   */
  Optional<BasicCredential> credential() throws IOException {
    if ((principal == null) != (secretFile == null)) {
      throw new FlagRules(spec).validate("--principal and --secret-file must be given together");
    }
    return principal == null
        ? Optional.empty()
        : Optional.of(BasicCredential.read(principal, secretFile));
  }

  /** A reader of masters. It is for nothing else, since it sends the secret. */
  HttpReader reader() throws IOException {
    return credential().map(HttpReader::new).orElseGet(HttpReader::new);
  }
}
