package io.quorate.agent.fetch;

import io.quorate.agent.flags.FetchSettings;
import io.quorate.agent.supervise.Rights;
import io.quorate.agent.supervise.Supervisor;
import io.quorate.protocol.v1.CommandInfo;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;

/**
 * Fetches the URIs of commands (Mesos 4.7): paths and {@code file://} are copied, {@code http} and
 * {@code https} are downloaded, and archives are unpacked by their suffix. Any thread may call it,
 * and is blocked until all is there.
 */
public final class Fetcher {
  /** How an archive is unpacked, by its suffix; the longer one is tried first. */
  private static final List<Map.Entry<String, List<String>>> SUFFIXES =
      List.of(
          Map.entry(".tar.bz2", List.of("tar", "--no-same-owner", "-xjf")),
          Map.entry(".tar.gz", List.of("tar", "--no-same-owner", "-xzf")),
          Map.entry(".tar.xz", List.of("tar", "--no-same-owner", "-xJf")),
          Map.entry(".tbz2", List.of("tar", "--no-same-owner", "-xjf")),
          Map.entry(".tar", List.of("tar", "--no-same-owner", "-xf")),
          Map.entry(".tgz", List.of("tar", "--no-same-owner", "-xzf")),
          Map.entry(".txz", List.of("tar", "--no-same-owner", "-xJf")),
          Map.entry(".zip", List.of("unzip", "-o", "-q")));

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
    this.download = new Download(settings.stallTimeout(), settings.bytesMax());
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
            "Failed to fetch '" + shown(uri.getValue()) + "': " + message(e), e);
      }
    }
  }

  private static String message(Exception failure) {
    String message = failure.getMessage();
    return message == null || message.isBlank() ? failure.toString() : message;
  }

  /** The URI without a password, or a token in the query. */
  private static String shown(String uri) {
    return uri.replaceFirst("://[^/@]*@", "://").replaceFirst("\\?.*", "");
  }

  private void fetch(CommandInfo.URI uri, SandboxCommands rights, String user) throws IOException {
    String source = source(uri.getValue());
    String name = name(uri, source);
    Path target = rights.sandbox().resolve(name);
    rights.run("mkdir", "-p", "--", target.getParent().toString());
    boolean cached = uri.getCache() && fromCache(source, target, rights, user);
    if (!cached) {
      direct(source, target, rights);
    }
    if (uri.getExecutable()) {
      rights.run("chmod", "a+x", "--", target.toString());
    } else if (uri.getExtract() && extract(target, rights) && cached) {
      rights.run("rm", "--", target.toString());
    }
  }

  /** A URL, or an absolute path. */
  private String source(String value) throws FetchException {
    String lower = value.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      return value;
    }
    if (lower.startsWith("file://")) {
      String path = value.substring("file://".length());
      return path.startsWith("localhost/") ? path.substring("localhost".length()) : path;
    }
    int scheme = value.indexOf("://");
    if (scheme >= 0) {
      throw new FetchException("the scheme '" + value.substring(0, scheme) + "' is not supported");
    }
    if (value.startsWith("/")) {
      return value;
    }
    return settings
        .frameworksHome()
        .map(home -> home.toAbsolutePath().resolve(value).toString())
        .orElseThrow(() -> new FetchException("a relative path needs --frameworks_home"));
  }

  private static boolean local(String source) {
    return source.startsWith("/");
  }

  private static String name(CommandInfo.URI uri, String source) throws FetchException {
    String path = local(source) ? source : URI.create(source).getPath();
    String name =
        uri.hasOutputFile() ? uri.getOutputFile() : path.substring(path.lastIndexOf('/') + 1);
    Path relative = Path.of(name).normalize();
    boolean leaves = relative.isAbsolute() || relative.startsWith("..");
    if (name.isEmpty() || leaves || relative.toString().isEmpty()) {
      throw new FetchException(
          uri.hasOutputFile()
              ? "'output_file' must be a path inside the sandbox, not '" + name + "'"
              : "it names no file");
    }
    return relative.toString();
  }

  private void direct(String source, Path target, SandboxCommands rights) throws IOException {
    if (local(source)) {
      copy(source, target, rights);
      return;
    }
    Path file = Files.createTempFile(settings.cacheDir(), "download", null);
    try {
      download.to(file, URI.create(source), rights.abandoned());
      put(file, target, rights);
    } finally {
      Files.deleteIfExists(file);
    }
  }

  /** Copies with the user's rights on both sides; the file behind a link, not the link. */
  private static void copy(String source, Path target, SandboxCommands rights) throws IOException {
    rights.run("cp", "-R", "-H", "--", source, target.toString());
  }

  /** The file is the agent's own; the sandbox is the user's. */
  private static void put(Path file, Path target, SandboxCommands rights) throws IOException {
    rights.run(file, "sh", "-c", "cat >\"$1\"", "sh", target.toString());
  }

  private boolean fromCache(String source, Path target, SandboxCommands rights, String user)
      throws IOException {
    // A copy of a local file is no cheaper than the file, and would outlive the right to read it.
    if (local(source)) {
      return false;
    }
    FetchCache.Key key = new FetchCache.Key(user, source);
    Optional<FetchCache.Entry> found = cache.find(key);
    if (found.isEmpty()) {
      found = filled(key, URI.create(source), rights);
    }
    if (found.isEmpty()) {
      return false;
    }
    try (FetchCache.Entry entry = found.get()) {
      put(entry.file, target, rights);
    }
    return true;
  }

  private Optional<FetchCache.Entry> filled(FetchCache.Key key, URI from, SandboxCommands rights) {
    OptionalLong size;
    try {
      size = download.size(from, rights.abandoned());
    } catch (IOException e) {
      return Optional.empty();
    }
    return size.isEmpty()
        ? Optional.empty()
        : cache.get(key, size.getAsLong(), file -> download.to(file, from, rights.abandoned()));
  }

  /** Whether it was an archive, and is unpacked. */
  private static boolean extract(Path file, SandboxCommands rights) throws IOException {
    String name = file.getFileName().toString();
    for (Map.Entry<String, List<String>> archive : SUFFIXES) {
      if (name.endsWith(archive.getKey())) {
        List<String> words = new ArrayList<>(archive.getValue());
        words.add(file.toString());
        rights.run(words.toArray(String[]::new));
        return true;
      }
    }
    if (name.endsWith(".gz")) {
      Path plain = file.resolveSibling(name.substring(0, name.length() - ".gz".length()));
      rights.run(
          "sh", "-c", "gzip -d -c -- \"$1\" >\"$2\"", "sh", file.toString(), plain.toString());
      return true;
    }
    return false;
  }
}
