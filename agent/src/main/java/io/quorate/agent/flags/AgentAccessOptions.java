package io.quorate.agent.flags;

import io.quorate.protocol.auth.Credentials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The flags of who may read and order on an agent's port (Mesos 8.1). */
public final class AgentAccessOptions {
  @Option(
      names = {"--http_credentials", "--http-credentials"},
      description =
          "File with principals and secrets, {\"credentials\": [{\"principal\": ..., \"secret\":"
              + " ...}]}; mode 600.")
  private Path credentials;

  @Option(
      names = {"--authenticate_http_readonly", "--authenticate-http-readonly"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether who reads state and files must log in (default: ${DEFAULT-VALUE}).")
  private boolean readonly;

  @Option(
      names = {"--authenticate_http_readwrite", "--authenticate-http-readwrite"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether who uses the operator API must log in (default: ${DEFAULT-VALUE}).")
  private boolean readwrite;

  /**
   * What the port is to ask.
   *
   * @throws IOException if the file cannot be read, or is missing; names the flag
   */
  public AgentAccess access() throws IOException {
    if (credentials == null && (readonly || readwrite)) {
      throw new IOException(
          "--authenticate_http_...: nobody could log in without" + " --http_credentials");
    }
    return new AgentAccess(
        credentials == null ? Optional.empty() : Optional.of(Credentials.read(credentials)),
        readonly,
        readwrite);
  }
}
