package io.quorate.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hostnames whose agents are offered, one a line of a file (CP-359). The file is read again
 * when it was modified; while it cannot be read, the last list holds. Not for several threads at
 * once.
 */
final class Whitelist implements Supplier<Optional<Set<String>>> {
  private static final Logger LOG = LoggerFactory.getLogger(Whitelist.class);

  private final Path file;
  private FileTime modified;
  private Set<String> hostnames;

  private Whitelist(Path file) throws IOException {
    this.file = file;
    read();
  }

  /**
   * Of a file, given as a path or a {@code file://} URL; of nothing or {@code *}, all are on it.
   *
   * @throws IOException if the file cannot be read
   */
  static Supplier<Optional<Set<String>>> of(String path) throws IOException {
    if (path == null || path.equals("*")) {
      return Optional::empty;
    }
    return new Whitelist(Path.of(path.startsWith("file://") ? path.substring(7) : path));
  }

  @Override
  public Optional<Set<String>> get() {
    try {
      if (!Files.getLastModifiedTime(file).equals(modified)) {
        read();
        LOG.info("The whitelist has {} hostnames now", hostnames.size());
      }
    } catch (IOException e) {
      LOG.warn("The whitelist {} cannot be read; the last one holds: {}", file, e.toString());
    }
    return Optional.of(hostnames);
  }

  private void read() throws IOException {
    FileTime time = Files.getLastModifiedTime(file);
    Set<String> names = new TreeSet<>();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        names.add(line.trim());
      }
    }
    modified = time;
    hostnames = names;
  }
}
