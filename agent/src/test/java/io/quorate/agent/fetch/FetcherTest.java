package io.quorate.agent.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.quorate.agent.flags.FetchSettings;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.supervise.SupervisorProgram;
import io.quorate.protocol.v1.CommandInfo;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetcherTest {
  private static final int CACHE_BYTES = 10;

  @TempDir Path directory;
  private final Map<String, byte[]> served = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final CountDownLatch stalled = new CountDownLatch(1);
  private HttpServer server;
  private Fetcher fetcher;
  private Path sandbox;

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
    sandbox = Files.createDirectory(directory.resolve("sandbox"));
    fetcher = fetcher(Optional.empty());
  }

  private Fetcher fetcher(Optional<Path> home) throws IOException {
    return new Fetcher(
        new FetchSettings(
            directory.resolve("cache"), CACHE_BYTES, 1000, Duration.ofSeconds(1), home, 1),
        SupervisorProgram.install(directory));
  }

  @AfterEach
  void stop() {
    stalled.countDown();
    server.stop(0);
    threads.shutdownNow();
  }

  private void serve(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    requests.add(exchange.getRequestMethod() + " " + path);
    byte[] body = served.get(path);
    if (path.startsWith("/secret")) {
      String header = String.valueOf(exchange.getRequestHeaders().getFirst("Authorization"));
      requests.add(header);
      if (header.equals("null")) {
        exchange.getResponseHeaders().add("WWW-Authenticate", "Basic realm=\"x\"");
        exchange.sendResponseHeaders(401, -1);
        exchange.close();
        return;
      }
    }
    if (path.startsWith("/moved")) {
      exchange.getResponseHeaders().add("Location", path.substring("/moved".length()));
      exchange.sendResponseHeaders(302, -1);
    } else if (path.equals("/stalls")) {
      exchange.sendResponseHeaders(200, 100);
      exchange.getResponseBody().write('x');
      exchange.getResponseBody().flush();
      try {
        stalled.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    } else if (body == null) {
      exchange.sendResponseHeaders(404, -1);
    } else if (exchange.getRequestMethod().equals("HEAD")) {
      exchange.getResponseHeaders().add("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(200, -1);
    } else {
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  private String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  private static CommandInfo.URI.Builder uri(String value) {
    return CommandInfo.URI.newBuilder().setValue(value);
  }

  private void fetch(CommandInfo.URI.Builder... uris) throws IOException {
    List<CommandInfo.URI> all = new ArrayList<>();
    for (CommandInfo.URI.Builder uri : uris) {
      all.add(uri.build());
    }
    fetcher.fetch(all, sandbox, Rights.OWN, () -> false);
  }

  private void serve(String path, String text) {
    served.put(path, text.getBytes(StandardCharsets.UTF_8));
  }

  private Path local(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private void run(String... words) throws IOException, InterruptedException {
    assertThat(new ProcessBuilder(words).directory(directory.toFile()).start().waitFor()).isZero();
  }

  private void refused(CommandInfo.URI.Builder uri, String why) {
    assertThatThrownBy(() -> fetch(uri))
        .isInstanceOf(FetchException.class)
        .hasMessageContaining("Failed to fetch '")
        .hasMessageContaining(why);
  }

  @Test
  @DisplayName("CP-328, CP-332 paths, file:// and http come into the sandbox, redirects followed")
  void shouldFetch() throws IOException {
    serve("/dir/web", "web");
    Path file = local("disk", "disk");
    Path other = local("other", "other");
    fetch(uri(url("/dir/web?token=1")), uri(file.toString()), uri("file://" + other));
    fetch(uri(url("/moved/dir/web")).setOutputFile("moved"));
    for (String name : List.of("web", "disk", "other")) {
      assertThat(sandbox.resolve(name)).hasContent(name);
    }
    assertThat(sandbox.resolve("moved")).hasContent("web");
  }

  @Test
  @DisplayName("CP-332 https, with the certificates that the Java platform trusts")
  void shouldFetchOverTls() throws Exception {
    run(
        Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
        "-genkeypair",
        "-alias",
        "a",
        "-keyalg",
        "EC",
        "-keystore",
        "keys",
        "-storepass",
        "secret",
        "-dname",
        "CN=127.0.0.1",
        "-ext",
        "san=ip:127.0.0.1",
        "-storetype",
        "PKCS12");
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(directory.resolve("keys"))) {
      keys.load(in, "secret".toCharArray());
    }
    KeyManagerFactory own = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    own.init(keys, "secret".toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(keys);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(own.getKeyManagers(), trust.getTrustManagers(), null);
    SSLContext before = SSLContext.getDefault();
    HttpsServer https =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    https.setHttpsConfigurator(new HttpsConfigurator(context));
    https.createContext("/", this::serve);
    https.start();
    serve("/safe", "safe");
    String address = "https://127.0.0.1:" + https.getAddress().getPort() + "/safe";
    try {
      refused(uri(address), "PKIX");
      SSLContext.setDefault(context);
      fetcher = fetcher(Optional.empty());
      fetch(uri(address));
    } finally {
      SSLContext.setDefault(before);
      https.stop(0);
    }
    assertThat(sandbox.resolve("safe")).hasContent("safe");
  }

  @Test
  @DisplayName("CP-329 archives are unpacked by their suffix, unless extract is false")
  void shouldExtract() throws Exception {
    local("inside", "inside");
    Map<String, String> flags =
        Map.of("a.tar", "-cf", "a.tgz", "-czf", "a.tar.gz", "-czf", "a.tar.xz", "-cJf");
    for (var archive : flags.entrySet()) {
      run("tar", archive.getValue(), archive.getKey(), "inside");
      Files.deleteIfExists(sandbox.resolve("inside"));
      fetch(uri(directory.resolve(archive.getKey()).toString()));
      assertThat(sandbox.resolve("inside")).as(archive.getKey()).hasContent("inside");
      assertThat(sandbox.resolve(archive.getKey())).exists();
    }
    run(
        Path.of(System.getProperty("java.home"), "bin", "jar").toString(),
        "-cfM",
        "a.zip",
        "inside");
    Files.delete(sandbox.resolve("inside"));
    fetch(uri(directory.resolve("a.zip").toString()).setExtract(false));
    assertThat(sandbox.resolve("inside")).doesNotExist();
    fetch(uri(directory.resolve("a.zip").toString()));
    assertThat(sandbox.resolve("inside")).hasContent("inside");
    Files.delete(sandbox.resolve("inside"));
    run("gzip", "inside");
    fetch(uri(directory.resolve("inside.gz").toString()));
    assertThat(sandbox.resolve("inside")).hasContent("inside");
  }

  @Test
  @DisplayName("CP-330, CP-331 executable and output_file")
  void shouldNameAndMark() throws Exception {
    local("inside", "inside");
    run("tar", "-cf", "script.tar", "inside");
    fetch(
        uri(directory.resolve("script.tar").toString())
            .setExecutable(true)
            .setOutputFile("bin/deep/script.tar"));
    assertThat(sandbox.resolve("bin/deep/script.tar")).isExecutable();
    assertThat(sandbox.resolve("inside")).doesNotExist();
    refused(uri(directory.resolve("inside").toString()).setOutputFile("../out"), "'output_file'");
    refused(uri(directory.resolve("inside").toString()).setOutputFile("/tmp/out"), "'output_file'");
  }

  @Test
  @DisplayName("CP-333, CP-334 what is cached is downloaded once; what is not in use makes room")
  void shouldCache() throws IOException {
    serve("/six", "123456");
    serve("/five", "12345");
    fetch(uri(url("/six")).setCache(true));
    fetch(uri(url("/six")).setCache(true).setOutputFile("again"));
    assertThat(requests).containsExactly("HEAD /six", "GET /six");
    assertThat(sandbox.resolve("again")).hasContent("123456");
    fetch(uri(url("/five")).setCache(true));
    fetch(uri(url("/six")).setCache(true));
    assertThat(requests).filteredOn("GET /six"::equals).hasSize(2);
    serve("/large", "12345678901");
    fetch(uri(url("/large")).setCache(true));
    assertThat(sandbox.resolve("large")).hasContent("12345678901");
    served.remove("/six");
    fetch(uri(url("/six")).setCache(true).setOutputFile("kept"));
    assertThat(sandbox.resolve("kept")).hasContent("123456");
  }

  @Test
  @DisplayName("CP-334 an entry that is in use is not evicted")
  void shouldKeepWhatIsUsed() throws IOException {
    FetchCache cache = new FetchCache(directory.resolve("small"), CACHE_BYTES);
    FetchCache.Filling six = file -> Files.writeString(file, "123456");
    FetchCache.Key key = new FetchCache.Key("", "a");
    try (FetchCache.Entry used = cache.get(key, 6, six).orElseThrow()) {
      assertThat(cache.get(new FetchCache.Key("", "b"), 6, six)).isEmpty();
      assertThat(used.file).exists();
    }
    assertThat(cache.get(new FetchCache.Key("", "b"), 6, six)).isPresent();
    assertThat(cache.find(key)).isEmpty();
    assertThat(cache.find(new FetchCache.Key("other", "b"))).isEmpty();
  }

  @Test
  @DisplayName("what cannot be had says why, without the secrets of its URI")
  void shouldSayWhy() throws IOException {
    refused(uri(url("/none")), "404");
    refused(uri(url("/stalls")), "no byte came for 1 s");
    refused(uri("ftp://host/x"), "'ftp'");
    refused(uri("relative"), "--frameworks_home");
    refused(uri(directory.resolve("none").toString()), "No such file");
    refused(uri(url("/")), "names no file");
    serve("/huge", "x".repeat(1001));
    refused(uri(url("/huge")), "larger than 1000 bytes");
    assertThatThrownBy(() -> fetch(uri("http://me:pass@127.0.0.1:1/x?token=t")))
        .message()
        .doesNotContain("pass")
        .doesNotContain("token");
    fetcher = fetcher(Optional.of(directory));
    local("relative", "home");
    fetch(uri("relative"));
    assertThat(sandbox.resolve("relative")).hasContent("home");
  }

  @Test
  @DisplayName("a fetch for a task that is given up ends")
  void shouldGiveUp() {
    long begun = System.nanoTime();
    assertThatThrownBy(
            () ->
                fetcher.fetch(
                    List.of(uri(url("/stalls")).build()),
                    sandbox,
                    Rights.OWN,
                    () -> System.nanoTime() - begun > 100_000_000))
        .isInstanceOf(FetchException.class);
  }

  @Test
  @DisplayName("a URL's user and password go to its server, which asks for them")
  void shouldAuthenticate() throws IOException {
    // given
    served.put("/secret", "payload".getBytes(StandardCharsets.UTF_8));
    String url = url("/secret").replace("http://", "http://bob:s3%20ret@");
    // when
    fetch(uri(url));
    // then
    assertThat(sandbox.resolve("secret")).hasContent("payload");
    assertThat(requests).contains("Basic Ym9iOnMzIHJldA==");
  }

  @Test
  @DisplayName("a failure says which host or address it is about")
  void shouldSayWhichHostFails() throws IOException {
    // given
    int closed = server.getAddress().getPort();
    server.stop(0);
    // when // then
    assertThatThrownBy(() -> fetch(uri("http://127.0.0.1:" + closed + "/x")))
        .hasMessageContaining("no connection to '127.0.0.1:" + closed + "' can be made");
    assertThatThrownBy(() -> fetch(uri("http://no-such-host.invalid/x")))
        .hasMessageContaining("the host 'no-such-host.invalid' cannot be found");
    assertThatThrownBy(() -> fetch(uri("http://under_score.invalid/x")))
        .hasMessageContaining("'under_score.invalid' is not a host name");
  }

  @Test
  @DisplayName("the file behind a link is copied, and what is done to the copy does not reach it")
  void shouldCopyBehindLinks() throws IOException {
    // given
    Path original = Files.writeString(directory.resolve("tool-7.sh"), "echo 7");
    Files.setPosixFilePermissions(original, PosixFilePermissions.fromString("rw-r--r--"));
    Path link = Files.createSymbolicLink(directory.resolve("tool.sh"), Path.of("tool-7.sh"));
    // when
    fetch(uri(link.toString()).setExecutable(true));
    // then
    assertThat(sandbox.resolve("tool.sh")).isRegularFile().isExecutable();
    assertThat(Files.isSymbolicLink(sandbox.resolve("tool.sh"))).isFalse();
    assertThat(Files.getPosixFilePermissions(original))
        .isEqualTo(PosixFilePermissions.fromString("rw-r--r--"));
  }

  @Test
  @DisplayName("what an archive says about owners is not believed, also where root unpacks it")
  void shouldOwnWhatIsUnpacked() throws Exception {
    // given
    Path file = Files.writeString(directory.resolve("run.sh"), "true");
    Path archive = directory.resolve("foreign.tar");
    Process tar =
        new ProcessBuilder(
                "tar", "--owner=12345", "--group=12345", "-cf", archive.toString(), "run.sh")
            .directory(directory.toFile())
            .start();
    assertThat(tar.waitFor()).isZero();
    // when
    fetch(uri(archive.toString()));
    // then
    assertThat(Files.getOwner(sandbox.resolve("run.sh"))).isEqualTo(Files.getOwner(file));
  }
}
