package io.quorate.driver.mesos.variable;

import io.quorate.driver.mesos.http.AnyMaster;
import io.quorate.driver.mesos.http.HttpHeaders;
import io.quorate.driver.mesos.http.MasterAddresses;
import io.quorate.driver.mesos.http.MasterCalls;
import io.quorate.driver.mesos.http.TlsSettings;
import io.quorate.driver.mesos.wire.WireFields;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.UnsupportedEncodingException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;

/**
 * Variables in the masters (docs/variables.md). The namespace is the principal, or {@code
 * frameworks} for who does not log in; the znode is a prefix of all names. Each store names its own
 * version, so that one whose answer was lost can be repeated.
 *
 * <p>Where a program cannot be told other servers than its ZooKeeper's, the environment may: {@code
 * QUORATE_STATE_MASTERS} counts before them. {@code QUORATE_STATE_CREDENTIAL} names a file with
 * principal and secret, with a space between.
 */
public final class QuorumVariables implements VariableStore {
  private static final String ROOT = "/quorate/variables/";
  private static final String NAMESPACE = "frameworks";
  private static final long PATIENCE_NANOS_MIN = TimeUnit.SECONDS.toNanos(30);
  private static final int LIST = 1;
  private static final int NAME = 1;

  private final AnyMaster masters;
  private final String namespace;
  private final String prefix;

  private QuorumVariables(AnyMaster masters, String namespace, String prefix) {
    this.masters = masters;
    this.namespace = namespace;
    this.prefix = prefix;
  }

  /** For who need not log in, or by the environment. */
  public static QuorumVariables open(String servers, long timeoutNanos, String znode) {
    String file = System.getenv("QUORATE_STATE_CREDENTIAL");
    return open(
        servers, timeoutNanos, znode, file == null ? Optional.empty() : Optional.of(read(file)));
  }

  /**
   * Logs in.
   *
   * @param credentials {@code principal:secret}
   */
  public static QuorumVariables open(
      String servers, long timeoutNanos, String znode, byte[] credentials) {
    return open(
        servers,
        timeoutNanos,
        znode,
        Optional.of(new String(credentials, StandardCharsets.UTF_8).split(":", 2)));
  }

  private static String[] read(String file) {
    try {
      String text = new String(Files.readAllBytes(Paths.get(file)), StandardCharsets.UTF_8);
      return text.trim().split("\\s+", 2);
    } catch (IOException e) {
      throw new UncheckedIOException("QUORATE_STATE_CREDENTIAL: the file cannot be read", e);
    }
  }

  private static QuorumVariables open(
      String servers, long timeoutNanos, String znode, Optional<String[]> credential) {
    String instead = System.getenv("QUORATE_STATE_MASTERS");
    MasterAddresses addresses = MasterAddresses.parse(instead == null ? servers : instead);
    if (credential.isPresent() && credential.get().length != 2) {
      throw new IllegalArgumentException("credentials: a principal and its secret are needed");
    }
    Optional<SSLContext> tls = Optional.empty();
    try {
      if (addresses.secure()) {
        tls = Optional.of(TlsSettings.context(System.getenv()));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    AnyMaster masters =
        new AnyMaster(
            addresses.masters(),
            tls,
            credential.map(
                parts -> MasterCalls.basic(parts[0], parts[1].getBytes(StandardCharsets.UTF_8))),
            Math.max(timeoutNanos, PATIENCE_NANOS_MIN));
    String path = znode.replaceAll("^/+|/+$", "");
    return new QuorumVariables(
        masters,
        credential.map(parts -> parts[0]).orElse(NAMESPACE),
        path.isEmpty() ? "" : path + "/");
  }

  private static String encoded(String text) {
    try {
      return URLEncoder.encode(text, "UTF-8").replace("+", "%20");
    } catch (UnsupportedEncodingException e) {
      throw new IllegalStateException("every JDK has UTF-8", e);
    }
  }

  private String path(String name) {
    return ROOT + encoded(namespace) + "/" + encoded(prefix + name);
  }

  private static IOException unexpected(AnyMaster.Answer answer) {
    return new IOException(
        "the master answered "
            + answer.status()
            + " "
            + new String(answer.body(), StandardCharsets.UTF_8));
  }

  @Override
  public synchronized KeptVariable fetch(String name) throws IOException {
    AnyMaster.Answer answer = masters.ask("GET", path(name), new HttpHeaders(), new byte[0]);
    if (answer.status() == 404) {
      return KeptVariable.absent(name);
    }
    if (answer.status() != 200) {
      throw unexpected(answer);
    }
    String version = answer.header("ETag").replace("\"", "");
    return new KeptVariable(name, Optional.of(version), answer.body());
  }

  @Override
  public synchronized Optional<KeptVariable> store(KeptVariable variable) throws IOException {
    String version = UUID.randomUUID().toString();
    HttpHeaders headers =
        new HttpHeaders()
            .set("Content-Type", "application/octet-stream")
            .set("Quorate-Variable-Version", version);
    if (variable.version().isPresent()) {
      headers.set("If-Match", '"' + variable.version().get() + '"');
    } else {
      headers.set("If-None-Match", "*");
    }
    AnyMaster.Answer answer = masters.ask("PUT", path(variable.name()), headers, variable.value());
    if (answer.status() == 412) {
      return Optional.empty();
    }
    if (answer.status() != 204) {
      throw unexpected(answer);
    }
    return Optional.of(new KeptVariable(variable.name(), Optional.of(version), variable.value()));
  }

  /**
   * Whether it was this one that removed it is not known if an answer was lost: then it is true.
   */
  @Override
  public synchronized boolean expunge(KeptVariable variable) throws IOException {
    if (!variable.version().isPresent()) {
      return false;
    }
    HttpHeaders headers = new HttpHeaders().set("If-Match", '"' + variable.version().get() + '"');
    AnyMaster.Answer answer = masters.ask("DELETE", path(variable.name()), headers, new byte[0]);
    if (answer.status() == 204) {
      return true;
    }
    if (answer.status() == 404) {
      return answer.repeated();
    }
    if (answer.status() == 412) {
      return false;
    }
    throw unexpected(answer);
  }

  @Override
  public synchronized List<String> names() throws IOException {
    AnyMaster.Answer answer =
        masters.ask(
            "GET",
            ROOT + encoded(namespace),
            new HttpHeaders().set("Accept", "application/x-protobuf"),
            new byte[0]);
    if (answer.status() != 200) {
      throw unexpected(answer);
    }
    List<String> names = new ArrayList<>();
    for (byte[] entry : WireFields.parse(answer.body()).all(LIST)) {
      String name = WireFields.parse(entry).text(NAME);
      if (name.startsWith(prefix)) {
        names.add(name.substring(prefix.length()));
      }
    }
    return names;
  }
}
