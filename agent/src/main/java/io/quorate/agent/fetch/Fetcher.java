package io.quorate.agent.fetch;

import io.quorate.agent.flags.FetchSettings;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.supervise.Supervisor;
import io.quorate.protocol.text.Failures;
import io.quorate.protocol.text.UriSecrets;
import io.quorate.protocol.v1.CommandInfo;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Fetches the URIs of commands (Mesos 4.7): paths and {@code file://} are copied, {@code http},
 * {@code https} and {@code ftp} are downloaded, {@code data:} is what it says, other schemes are
 * left to a Hadoop client, and archives are unpacked by their suffix. Any thread may call it, and
 * is blocked until all is there.
 */
public final class Fetcher {
  /** Writes its input to a file, in the place of what is there. */
  static final String WRITE = "rm -f -- \"$1\" && exec cat >\"$1\"";

  /** Copies the file behind a link, and a folder with all that links in it lead to. */
  private static final String COPY =
      "if [ -e \"$1\" ] && [ ! -f \"$1\" ] && [ ! -d \"$1\" ]; then"
          + " echo 'it is neither a file nor a folder' >&2; exit 1; fi;"
          + " [ -d \"$2\" ] || rm -f -- \"$2\"; exec cp -RL -- \"$1\" \"$2\"";

  private static final String DATA = "data:";

  private final FetchSettings settings;
  private final Supervisor supervisor;
  private final Download download;
  private final FetchCache cache;

  /**
   * Makes a fetcher, and empties its cache.
   *
   * @param supervisor what programs in sandboxes are run by
   * @throws IOException if the directory of the cache cannot be made, emptied or closed to others
   */
  public Fetcher(FetchSettings settings, Supervisor supervisor) throws IOException {
    this.supervisor = supervisor;
    this.settings = settings;
    this.download =
        new Download(settings.stallTimeout(), settings.bytesMax(), settings.redirectsMax());
    this.cache = new FetchCache(settings.cacheDir(), settings.cacheBytesMax());
  }

  /**
   * Fetches URIs into a sandbox, one after another.
   *
   * @param user whose sandbox it is
   * @param abandoned says that nobody wants the task any more
   * @throws FetchException at the first that cannot be had; the message names it without a password
   *     or query, and is for the framework
   */
  public void fetch(
      List<CommandInfo.URI> uris, Path sandbox, Rights user, BooleanSupplier abandoned)
      throws IOException {
    SandboxCommands rights = new SandboxCommands(supervisor, user, sandbox, abandoned);
    for (CommandInfo.URI uri : uris) {
      try {
        fetch(uri, rights, user.user());
      } catch (IOException | IllegalArgumentException e) {
        throw new FetchException(
            "Failed to fetch '"
                + UriSecrets.shown(uri.getValue())
                + "': "
                + UriSecrets.cleared(message(e), uri.getValue()),
            e);
      }
    }
  }

  private static String message(Exception failure) {
    String message = Failures.describe(failure);
    return message.isBlank() ? failure.getClass().getSimpleName() : message;
  }

  private void fetch(CommandInfo.URI uri, SandboxCommands rights, String user) throws IOException {
    Source source = source(uri.getValue());
    Path name = name(uri, source);
    Optional<String> wrong = new SandboxTarget(rights.sandbox()).validate(name);
    if (wrong.isPresent()) {
      throw new FetchException("'" + name + "' " + wrong.get());
    }
    Path target = rights.sandbox().resolve(name);
    rights.run("mkdir", "-p", "--", target.getParent().toString());
    Path kept = Files.createTempFile(settings.cacheDir(), "download", null);
    try {
      boolean cached = uri.getCache() && fromCache(source, target, rights, user);
      if (!cached) {
        source.to(target, rights, kept);
      }
      if (uri.getExecutable()) {
        rights.run("chmod", "a+x", "--", target.toString());
      } else if (uri.getExtract() && extract(target, rights, kept) && cached) {
        rights.run("rm", "--", target.toString());
      }
    } finally {
      Files.deleteIfExists(kept);
    }
  }

  /** Where something comes from. */
  private interface Source {
    /**
     * Brings it into the sandbox.
     *
     * @param kept a file of the agent's own, which may be used
     */
    void to(Path target, SandboxCommands rights, Path kept) throws IOException;

    /** What it is called in the sandbox, where {@code output_file} does not say. */
    String name();

    /** What can be kept for others of the same user. */
    default Optional<FetchUrl> cacheable() {
      return Optional.empty();
    }
  }

  private Source source(String value) throws IOException {
    int colon = value.indexOf(':');
    String scheme = value.substring(0, Math.max(0, colon)).toLowerCase(Locale.ROOT);
    if (value.regionMatches(true, 0, DATA, 0, DATA.length())) {
      return new DataSource(value.substring(DATA.length()));
    }
    if (colon < 0 || !value.startsWith("://", colon)) {
      return new LocalSource(local(value));
    }
    return switch (scheme) {
      case "http", "https", "ftp" -> new WebSource(FetchUrl.parse(value));
      case "file" -> {
        String path = value.substring("file://".length());
        yield new LocalSource(
            local(path.startsWith("localhost/") ? path.substring("localhost".length()) : path));
      }
      default -> hadoop(scheme, value);
    };
  }

  private String local(String path) throws FetchException {
    if (path.startsWith("/")) {
      return path;
    }
    return settings
        .frameworksHome()
        .map(home -> home.toAbsolutePath().resolve(path).toString())
        .orElseThrow(() -> new FetchException("a relative path needs --frameworks_home"));
  }

  private Source hadoop(String scheme, String value) throws FetchException {
    if (!settings.hadoopSchemes().contains(scheme)) {
      throw new FetchException(
          "the scheme '"
              + scheme
              + "' is not supported: it is not among --hadoop_client_supported_schemes");
    }
    String client =
        settings
            .hadoopClient()
            .orElseThrow(
                () ->
                    new FetchException(
                        "'" + scheme + "' needs a client: --hadoop_client or --hadoop_home"));
    return new Source() {
      @Override
      public void to(Path target, SandboxCommands rights, Path kept) throws IOException {
        rights.run(client, "fs", "-copyToLocal", value, target.toString());
      }

      @Override
      public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
      }
    };
  }

  /** A path of this machine; a copy is no cheaper than it, and would outlive the right to read. */
  private record LocalSource(String path) implements Source {
    @Override
    public void to(Path target, SandboxCommands rights, Path kept) throws IOException {
      // Both sides with the user's rights.
      rights.run("sh", "-c", COPY, "sh", path, target.toString());
    }

    @Override
    public String name() {
      return path.substring(path.lastIndexOf('/') + 1);
    }
  }

  /** A {@code data:} URI, whose text is what is fetched. */
  private record DataSource(String text) implements Source {
    @Override
    public void to(Path target, SandboxCommands rights, Path kept) throws IOException {
      int comma = text.indexOf(',');
      if (comma < 0) {
        throw new FetchException("a data: URI has a comma before its data");
      }
      String data = FetchUrl.decode(text.substring(comma + 1));
      try {
        Files.write(
            kept,
            text.substring(0, comma).endsWith(";base64")
                ? Base64.getDecoder().decode(data.replaceAll("\\s", ""))
                : data.getBytes(StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw new FetchException("its data is not Base64");
      }
      put(kept, target, rights);
    }

    @Override
    public String name() {
      return "";
    }
  }

  /** What a server has. */
  private final class WebSource implements Source {
    private final FetchUrl url;

    WebSource(FetchUrl url) {
      this.url = url;
    }

    @Override
    public void to(Path target, SandboxCommands rights, Path kept) throws IOException {
      download.to(kept, url, rights.abandoned());
      put(kept, target, rights);
    }

    @Override
    public String name() {
      return url.name();
    }

    @Override
    public Optional<FetchUrl> cacheable() {
      return Optional.of(url);
    }
  }

  private static Path name(CommandInfo.URI uri, Source source) throws FetchException {
    String name = uri.hasOutputFile() ? uri.getOutputFile() : source.name();
    Path relative;
    try {
      relative = Path.of(name).normalize();
    } catch (InvalidPathException e) {
      throw new FetchException("its name cannot be that of a file: " + e.getReason(), e);
    }
    boolean leaves = relative.isAbsolute() || relative.startsWith("..");
    if (name.isEmpty() || leaves || relative.toString().isEmpty()) {
      throw new FetchException(
          uri.hasOutputFile()
              ? "'output_file' must be a path inside the sandbox, not '" + name + "'"
              : "it names no file: 'output_file' can");
    }
    return relative;
  }

  /** The file is the agent's own; the sandbox is the user's. */
  private static void put(Path file, Path target, SandboxCommands rights) throws IOException {
    rights.run(file, "sh", "-c", WRITE, "sh", target.toString());
  }

  private boolean fromCache(Source source, Path target, SandboxCommands rights, String user)
      throws IOException {
    Optional<FetchUrl> url = source.cacheable();
    if (url.isEmpty()) {
      return false;
    }
    FetchCache.Key key = new FetchCache.Key(user, url.get().toString());
    Optional<FetchCache.Entry> found = cache.find(key, rights.abandoned());
    if (found.isEmpty()) {
      found = filled(key, url.get(), rights);
    }
    if (found.isEmpty()) {
      return false;
    }
    try (FetchCache.Entry entry = found.get()) {
      put(entry.file, target, rights);
    }
    return true;
  }

  private Optional<FetchCache.Entry> filled(
      FetchCache.Key key, FetchUrl from, SandboxCommands rights) throws IOException {
    OptionalLong size;
    try {
      size = download.size(from, rights.abandoned());
    } catch (IOException e) {
      return Optional.empty();
    }
    return size.isEmpty()
        ? Optional.empty()
        : cache.get(
            key,
            size.getAsLong(),
            file -> download.to(file, from, rights.abandoned()),
            rights.abandoned());
  }

  /** Whether it was an archive, and is unpacked. It is read with the user's rights. */
  private boolean extract(Path file, SandboxCommands rights, Path kept) throws IOException {
    String name = file.getFileName().toString();
    Optional<String> plain = Archive.plainName(name);
    if (plain.isEmpty() && !Archive.isArchive(name)) {
      return false;
    }
    rights.read(kept, "cat", "--", file.toString());
    Unpacker unpacker = new Unpacker(rights, settings.bytesMax());
    if (plain.isPresent()) {
      unpacker.gunzip(kept, file.resolveSibling(plain.get()));
    } else {
      unpacker.unpack(kept, name);
    }
    return true;
  }
}
