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
import java.util.Set;
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
  private static final int FETCH_BYTES = 10_000;
  private static final int REDIRECTS = 3;

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
            directory.resolve("cache"),
            CACHE_BYTES,
            FETCH_BYTES,
            Duration.ofSeconds(1),
            home,
            1,
            REDIRECTS,
            Optional.of(directory.resolve("hadoop").toString()),
            Set.of("hdfs", "s3")),
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
    try (FetchCache.Entry used = cache.get(key, 6, six, () -> false).orElseThrow()) {
      assertThat(cache.get(new FetchCache.Key("", "b"), 6, six, () -> false)).isEmpty();
      assertThat(used.file).exists();
    }
    assertThat(cache.get(new FetchCache.Key("", "b"), 6, six, () -> false)).isPresent();
    assertThat(cache.find(key, () -> false)).isEmpty();
    assertThat(cache.find(new FetchCache.Key("other", "b"), () -> false)).isEmpty();
  }

  @Test
  @DisplayName("what cannot be had says why, without the secrets of its URI")
  void shouldSayWhy() throws IOException {
    refused(uri(url("/none")), "404");
    refused(uri(url("/stalls")), "no byte came for 1 s");
    refused(uri("ftps://host/x"), "'ftps'");
    refused(uri("relative"), "--frameworks_home");
    refused(uri(directory.resolve("none").toString()), "No such file");
    refused(uri(url("/")), "names no file");
    serve("/huge", "x".repeat(FETCH_BYTES + 1));
    refused(uri(url("/huge")), "larger than 10000 bytes");
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
        .hasMessageContaining("the host 'under_score.invalid' cannot be found");
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

  // -- Kinds of URIs and archives ---------------------------------------------------------------

  @Test
  @DisplayName("CP-332 a redirect is followed to a bound, to http and https alone")
  void shouldBoundRedirects() throws IOException {
    serve("/web", "web");
    fetch(uri(url("/moved/moved/moved/web")).setOutputFile("three"));
    assertThat(sandbox.resolve("three")).hasContent("web");
    refused(uri(url("/moved/moved/moved/moved/web")), "more than 3 times");
    refused(uri(url("/movedfile:///etc/passwd")).setOutputFile("x"), "from http to file");
  }

  @Test
  @DisplayName("blanks, | and [ ] in a URL reach the server, and underscores may be in its host")
  void shouldTakeUrlsAsLibcurlDoes() throws IOException {
    serve("/a b|c[1]/ü", "odd");
    fetch(uri(url("/a b|c[1]/ü")).setOutputFile("odd"));
    fetch(uri(url("/a%20b%7Cc%5B1%5D/%C3%BC")));
    assertThat(sandbox.resolve("odd")).hasContent("odd");
    assertThat(sandbox.resolve("ü")).hasContent("odd");
    for (String url : List.of("http://", "http:///x", "http://[::1/x", "http://host:99999/x")) {
      refused(uri(url).setOutputFile("x"), "");
    }
    assertThat(FetchUrl.parse("http://me:p%40ss@[::1]:8/x?q#f").url())
        .hasToString("http://[::1]:8/x?q");
  }

  @Test
  @DisplayName("the login of a URL goes to no other server, and comes back on a redirect home")
  void shouldKeepLoginsAtHome() throws IOException {
    FetchUrl first = FetchUrl.parse("http://me:pass@one/x");
    assertThat(first.redirected("//two/y").basic()).isEmpty();
    assertThat(first.redirected("/y").basic()).isEmpty();
    served.put("/secret", "payload".getBytes(StandardCharsets.UTF_8));
    fetch(uri(url("/moved/secret").replace("http://", "http://bob:s3%20ret@")).setOutputFile("s"));
    assertThat(requests).contains("Basic Ym9iOnMzIHJldA==");
  }

  @Test
  @DisplayName("a data: URI is what it says")
  void shouldFetchData() throws IOException {
    fetch(
        uri("data:text/plain;base64,aGVs%62G8=").setOutputFile("base64"),
        uri("data:,a%20b").setOutputFile("text"));
    assertThat(sandbox.resolve("base64")).hasContent("hello");
    assertThat(sandbox.resolve("text")).hasContent("a b");
    refused(uri("data:,x"), "'data:...': it names no file");
    refused(uri("data:;base64,!").setOutputFile("x"), "");
  }

  @Test
  @DisplayName("CP-335 other schemes are left to the client, and its words lose the URI's secrets")
  void shouldCallTheClient() throws Exception {
    Path client =
        local(
            "hadoop",
            "#!/bin/sh\nif [ -z \"${3##*bad*}\" ]; then echo \"no $3\"; exit 1; fi\necho \"$1 $2 $3\" >\"$4\"\n");
    Files.setPosixFilePermissions(client, PosixFilePermissions.fromString("rwxr-xr-x"));
    fetch(uri("hdfs://name:1/dir/file"));
    assertThat(sandbox.resolve("file")).hasContent("fs -copyToLocal hdfs://name:1/dir/file");
    assertThatThrownBy(() -> fetch(uri("s3://key:secret@bad/x?token=tok")))
        .hasMessageContaining("s3://bad/x")
        .message()
        .doesNotContain("secret")
        .doesNotContain("tok");
    refused(uri("gs://bucket/x"), "--hadoop_client_supported_schemes");
  }

  @Test
  @DisplayName(
      "a path that is neither file nor folder is refused, and links in a folder are copied")
  void shouldCopyFoldersAndNoDevices() throws Exception {
    run("mkfifo", "fifo");
    refused(uri(directory.resolve("fifo").toString()), "neither a file nor a folder");
    refused(uri("/dev/zero"), "neither a file nor a folder");
    Path folder = Files.createDirectory(directory.resolve("folder"));
    Path original = local("original", "kept");
    Files.createSymbolicLink(folder.resolve("link"), original);
    fetch(uri(folder.toString()));
    Files.writeString(sandbox.resolve("folder/link"), "changed");
    assertThat(original).hasContent("kept");
  }

  private void script(String python) throws Exception {
    run(
        "python3",
        "-c",
        "import io,tarfile,zipfile\ndef add(t,n,**k):\n  i=tarfile.TarInfo(n)\n  for a,v in k.items(): setattr(i,a,v)\n  i.size=1 if i.isreg() else 0\n  t.addfile(i,io.BytesIO(b'x'))\n"
            + python);
  }

  @Test
  @DisplayName("members that lead out of the sandbox, devices and FIFOs are refused by their names")
  void shouldRefuseWaysOut() throws Exception {
    Path outside = Files.createDirectory(directory.resolve("outside"));
    script(
        "for n,m in {'dots':['../o'],'deep':['a/../../o'],'abs':['"
            + outside
            + "/o']}.items():\n"
            + "  t=tarfile.open(n+'.tar','w')\n  for x in m: add(t,x)\n  t.close()\n"
            + "t=tarfile.open('through.tar','w'); add(t,'d',type=tarfile.SYMTYPE,linkname='"
            + outside
            + "'); add(t,'d/o'); t.close()\n"
            + "t=tarfile.open('hard.tar','w'); add(t,'h',type=tarfile.LNKTYPE,linkname='"
            + directory.resolve("keep")
            + "'); t.close()\n"
            + "t=tarfile.open('fifo.tar','w'); add(t,'f',type=tarfile.FIFOTYPE); t.close()\n"
            + "t=tarfile.open('device.tar','w'); add(t,'f',type=tarfile.CHRTYPE,devmajor=1,devminor=5); t.close()\n"
            + "t=tarfile.open('link.tar','w'); add(t,'d',type=tarfile.SYMTYPE,linkname='"
            + outside
            + "'); t.close()\n"
            + "t=tarfile.open('late.tar','w'); add(t,'d/o'); t.close()\n"
            + "z=zipfile.ZipFile('dots.zip','w'); z.writestr('../o','x'); z.close()\n");
    Files.writeString(directory.resolve("keep"), "kept");
    for (String name : List.of("dots.tar", "deep.tar", "abs.tar", "dots.zip")) {
      refused(uri(directory.resolve(name).toString()), "leads out of the sandbox");
    }
    refused(uri(directory.resolve("through.tar").toString()), "leads through the link 'd'");
    refused(uri(directory.resolve("hard.tar").toString()), "is a hard link to what is not a file");
    refused(uri(directory.resolve("fifo.tar").toString()), "its member 'f' is neither");
    refused(uri(directory.resolve("device.tar").toString()), "its member 'f' is neither");
    fetch(uri(directory.resolve("link.tar").toString()));
    refused(uri(directory.resolve("late.tar").toString()), "leads through the link 'd'");
    serve("/web", "web");
    refused(uri(url("/web")).setOutputFile("d/web"), "leads through the link 'd'");
    assertThat(outside).isEmptyDirectory();
    assertThat(directory.resolve("o")).doesNotExist();
  }

  @Test
  @DisplayName("set-id bits do not come through, links and rights do")
  void shouldDropSetId() throws Exception {
    script(
        "t=tarfile.open('a.tar','w'); add(t,'suid',mode=0o6755,uid=12345,gid=12345)\n"
            + "add(t,'soft',type=tarfile.SYMTYPE,linkname='suid'); add(t,'hard',type=tarfile.LNKTYPE,linkname='suid')\n"
            + "add(t,'long/'+'n'*150+'/ü'); t.close()\n");
    fetch(uri(directory.resolve("a.tar").toString()));
    assertThat((int) Files.getAttribute(sandbox.resolve("suid"), "unix:mode") & 07777)
        .isEqualTo(0755);
    assertThat(Files.getAttribute(sandbox.resolve("suid"), "unix:uid"))
        .isEqualTo(Files.getAttribute(directory, "unix:uid"));
    assertThat(Files.readSymbolicLink(sandbox.resolve("soft"))).isEqualTo(Path.of("suid"));
    assertThat(sandbox.resolve("hard")).hasContent("x");
    assertThat(sandbox.resolve("long/" + "n".repeat(150) + "/ü")).hasContent("x");
  }

  @Test
  @DisplayName("zstd and bzip2 are unpacked; what is no archive, or too much, fails in plain words")
  void shouldReadCompressedArchives() throws Exception {
    local("inside", "inside");
    script("t=tarfile.open('a.tar.bz2','w:bz2'); add(t,'b'); t.close()\n");
    run("tar", "-cf", "plain.tar", "inside");
    try (var out =
        new com.github.luben.zstd.ZstdOutputStream(
            Files.newOutputStream(directory.resolve("a.tar.zst")))) {
      Files.copy(directory.resolve("plain.tar"), out);
    }
    fetch(
        uri(directory.resolve("a.tar.bz2").toString()),
        uri(directory.resolve("a.tar.zst").toString()));
    assertThat(sandbox.resolve("b")).hasContent("x");
    assertThat(sandbox.resolve("inside")).hasContent("inside");
    for (String name :
        List.of("a.tar", "b.tar.gz", "c.tar.xz", "d.tar.bz2", "e.tar.zst", "f.zip", "g.gz")) {
      refused(uri(local(name, "no archive at all").toString()), "");
    }
    script("t=tarfile.open('many.tar','w')\nfor n in range(20): add(t,str(n))\nt.close()\n");
    refused(uri(directory.resolve("many.tar").toString()), "more than 10000 bytes come out of it");
  }

  @Test
  @DisplayName("who waits for what another fetches may be given up")
  void shouldGiveUpWaiting() throws Exception {
    FetchCache cache = new FetchCache(directory.resolve("small"), CACHE_BYTES);
    FetchCache.Key key = new FetchCache.Key("", "a");
    CountDownLatch filling = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    var first =
        threads.submit(
            () ->
                cache.get(
                    key,
                    6,
                    file -> {
                      filling.countDown();
                      try {
                        release.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                      throw new IOException("it broke off");
                    },
                    () -> false));
    filling.await();
    assertThatThrownBy(() -> cache.find(key, () -> true)).hasMessage("the task was given up");
    var second =
        threads.submit(
            () -> cache.get(key, 6, file -> Files.writeString(file, "123456"), () -> false));
    release.countDown();
    assertThat(first.get()).isEmpty();
    assertThat(second.get()).isPresent();
  }
}
