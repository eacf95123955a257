package io.quorate.master;

import io.quorate.master.access.Acls;
import io.quorate.master.http.access.Access;
import io.quorate.master.http.access.RateLimits;
import io.quorate.master.http.access.Realm;
import io.quorate.protocol.auth.Credentials;
import io.quorate.protocol.json.JsonMappingException;
import io.quorate.protocol.json.JsonSyntaxException;
import io.quorate.protocol.json.ProtoJson;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** The flags of who may come in and what for (Mesos 8.1, 8.2). */
final class AccessOptions {
  @Option(
      names = "--credentials",
      description =
          "File with principals and secrets, {\"credentials\": [{\"principal\": ..., \"secret\":"
              + " ...}]}; mode 600.")
  private String credentials;

  @Option(
      names = {"--authenticate_http_frameworks", "--authenticate-http-frameworks"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether frameworks must log in (default: ${DEFAULT-VALUE}).")
  private boolean frameworks;

  @Option(
      names = {"--authenticate_http_readonly", "--authenticate-http-readonly"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether who reads state must log in (default: ${DEFAULT-VALUE}).")
  private boolean readonly;

  @Option(
      names = {"--authenticate_http_readwrite", "--authenticate-http-readwrite"},
      arity = "0..1",
      fallbackValue = "true",
      description = "Whether who uses the operator API must log in (default: ${DEFAULT-VALUE}).")
  private boolean readwrite;

  @Option(
      names = {"--http_authenticators", "--http-authenticators"},
      description = "How operators and readers log in: basic, the only way.")
  private String authenticators = "basic";

  @Option(
      names = {"--http_framework_authenticators", "--http-framework-authenticators"},
      description = "How frameworks log in: basic, the only way.")
  private String frameworkAuthenticators = "basic";

  @Option(
      names = "--acls",
      description = "Who may do what: JSON, or a file with it (default: everybody everything).")
  private String acls;

  @Option(
      names = {"--rate_limits", "--rate-limits"},
      description =
          "Calls per second by principal, a RateLimits as JSON or a file with it (default: no"
              + " limits).")
  private String rateLimits;

  /**
   * The limits.
   *
   * @throws IOException if they cannot be read, or make no sense
   */
  RateLimits rateLimits() throws IOException {
    if (rateLimits == null) {
      return RateLimits.NONE;
    }
    try {
      return new RateLimits(
          ProtoJson.merge(
                  JsonFlag.read("--rate_limits", rateLimits),
                  io.quorate.protocol.v1.RateLimits.newBuilder())
              .build());
    } catch (JsonSyntaxException | JsonMappingException e) {
      throw new IOException("--rate_limits: " + e.getMessage());
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage());
    }
  }

  Acls acls() throws IOException {
    return acls == null ? Acls.OPEN : AclsReader.read(JsonFlag.read("--acls", acls));
  }

  /**
   * What the faces are to ask.
   *
   * @throws IOException if a file cannot be read; names the flag
   */
  Access access() throws IOException {
    if (!authenticators.equals("basic") || !frameworkAuthenticators.equals("basic")) {
      throw new IOException(
          "--http_authenticators and --http_framework_authenticators: 'basic' is the only way");
    }
    if (credentials != null && credentials.stripLeading().startsWith("{")) {
      // What it holds must not get into a message.
      throw new IOException("--credentials must name a file: other users can read command lines");
    }
    Set<Realm> closed = EnumSet.noneOf(Realm.class);
    if (frameworks) {
      closed.add(Realm.SCHEDULER);
    }
    if (readonly) {
      closed.add(Realm.READONLY);
    }
    if (readwrite) {
      closed.add(Realm.READWRITE);
    }
    if (!closed.isEmpty() && credentials == null) {
      throw new IOException("--authenticate_http_...: nobody could log in without --credentials");
    }
    Optional<Credentials> known =
        credentials == null
            ? Optional.empty()
            : Optional.of(Credentials.read(JsonFlag.path(credentials)));
    return new Access(known, closed, acls());
  }
}
