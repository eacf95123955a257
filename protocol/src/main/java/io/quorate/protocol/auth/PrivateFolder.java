package io.quorate.protocol.auth;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Folders of what a daemon keeps: state and secrets, which are for its own user alone. Any thread
 * may use it.
 */
public final class PrivateFolder {
  private static final Set<PosixFilePermission> FOLDER =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

  private PrivateFolder() {}

  /**
   * Makes a folder, or closes one that is there to others, with all that is in it: an earlier
   * release left it open.
   *
   * @throws IOException if it cannot be made or closed
   */
  public static void make(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.setPosixFilePermissions(folder, FOLDER);
    try (Stream<Path> all = Files.walk(folder)) {
      for (Iterator<Path> paths = all.iterator(); paths.hasNext(); ) {
        close(paths.next());
      }
    }
  }

  private static void close(Path path) throws IOException {
    try {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.setPosixFilePermissions(path, FOLDER);
      } else if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.setPosixFilePermissions(path, FILE);
      }
    } catch (NoSuchFileException e) {
      // It went meanwhile.
      return;
    }
  }

  /** Closes a file that was just made to others. */
  public static void closeFile(Path file) throws IOException {
    Files.setPosixFilePermissions(file, FILE);
  }
}
