package io.quorate.agent.folder;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The one call that Java lacks: {@code openat} for a place in the tree and no more (Linux, {@code
 * O_PATH}), which follows no link and waits for nothing, not even for the writer of a FIFO. All
 * else is done through {@code /proc/self/fd}, whose entries lead to what is open and to nothing
 * else. Any thread may call it.
 */
final class Descriptors {
  private static final int O_CLOEXEC = 0x80000;
  private static final int O_PATH = 0x200000;

  /** It has another number on ARM. */
  private static final int O_NOFOLLOW =
      System.getProperty("os.arch").equals("aarch64") ? 0x8000 : 0x20000;

  private static final int AT_FDCWD = -100;
  private static final int NO_ENTRY = 2;
  private static final int DENIED = 13;
  private static final int NAME_TOO_LONG = 36;
  private static final Path OPEN = Path.of("/proc/self/fd");
  private static final Calls C = Native.load("c", Calls.class);

  private Descriptors() {}

  /** What is used of the C library. */
  interface Calls extends Library {
    /** Opens a name relative to a folder; the number of the descriptor (POSIX.1). */
    int openat(int folder, byte[] name, int flags) throws LastErrorException;

    /** Gives a descriptor back (POSIX.1). */
    int close(int descriptor) throws LastErrorException;
  }

  /**
   * Opens a path that nobody but the operator chose: links are followed.
   *
   * @throws IOException if it is not there or may not be passed
   */
  static int open(Path trusted) throws IOException {
    return open(AT_FDCWD, FileName.bytes(trusted.toAbsolutePath()), O_PATH | O_CLOEXEC, trusted);
  }

  /**
   * Opens what has this name in a folder; of a link, the link itself.
   *
   * @param shown the name, for messages
   * @throws IOException if it is not there or may not be passed
   */
  static int open(int folder, byte[] name, Object shown) throws IOException {
    return open(folder, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, shown);
  }

  private static int open(int folder, byte[] name, int flags, Object shown) throws IOException {
    byte[] ended = Arrays.copyOf(name, name.length + 1);
    try {
      return C.openat(folder, ended, flags);
    } catch (LastErrorException e) {
      throw failure(e, String.valueOf(shown));
    }
  }

  private static IOException failure(LastErrorException error, String name) {
    IOException failure =
        switch (error.getErrorCode()) {
          case NO_ENTRY, NAME_TOO_LONG -> new NoSuchFileException(name);
          case DENIED -> new AccessDeniedException(name);
          default -> new FileSystemException(name, null, error.getMessage());
        };
    failure.initCause(error);
    return failure;
  }

  static void close(int descriptor) {
    try {
      C.close(descriptor);
    } catch (LastErrorException e) {
      throw new IllegalStateException("descriptor " + descriptor + " was closed before", e);
    }
  }

  /** The path that leads to what is open, whatever its name is by now. */
  static Path path(int descriptor) {
    return OPEN.resolve(Integer.toString(descriptor));
  }

  /** Where what is open is mounted: two that differ lie on two mounts, be it of one disk. */
  static String mount(int descriptor) throws IOException {
    String facts =
        Files.readString(Path.of("/proc/self/fdinfo/" + descriptor), StandardCharsets.US_ASCII);
    return facts.lines().filter(line -> line.startsWith("mnt_id:")).findFirst().orElse("");
  }
}
