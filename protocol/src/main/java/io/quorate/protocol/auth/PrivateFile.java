package io.quorate.protocol.auth;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collections;
import java.util.Set;

/** Files with secrets: only their owner may have access. */
final class PrivateFile {
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private PrivateFile() {}

  /**
   * Reads the whole file.
   *
   * @throws IOException if it cannot be read, is open to others, or is larger than that; names the
   *     file and the rule, never what it holds
   */
  static byte[] read(Path file, int bytesMax) throws IOException {
    if (!Files.isRegularFile(file) || !Files.isReadable(file)) {
      throw new IOException("the secret file " + file + " is no file that can be read");
    }
    if (!Collections.disjoint(Files.getPosixFilePermissions(file), OTHERS)) {
      throw new IOException("the secret file " + file + " is open to others: chmod 600 " + file);
    }
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(bytesMax + 1);
      if (bytes.length > bytesMax) {
        throw new IOException("the secret file " + file + " has more than " + bytesMax + " bytes");
      }
      return bytes;
    }
  }
}
