package io.quorate.cli;

import io.quorate.cluster.HttpReader;
import io.quorate.protocol.auth.BasicCredential;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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

  List<String> masters() {
    return masters;
  }

  /**
   * What to log in with.
   *
   * @throws IOException if there is only a half of it, or the file cannot be read
   */
  Optional<BasicCredential> credential() throws IOException {
    if ((principal == null) != (secretFile == null)) {
      throw new IOException("--principal and --secret-file belong together");
    }
    return principal == null
        ? Optional.empty()
        : Optional.of(BasicCredential.read(principal, secretFile));
  }

  /** Reads from masters; for nothing else, since it sends the secret. */
  HttpReader reader() throws IOException {
    return credential().map(HttpReader::new).orElseGet(HttpReader::new);
  }
}
