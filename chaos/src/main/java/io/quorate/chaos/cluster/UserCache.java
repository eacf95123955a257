package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What is kept from run to run: {@code quorate} in the user's directory of caches. */
final class UserCache {
  private UserCache() {}

  static Path directory() throws IOException {
    Path caches =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(path -> path.startsWith("/"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache"));
    return Files.createDirectories(caches.resolve("quorate"));
  }
}
