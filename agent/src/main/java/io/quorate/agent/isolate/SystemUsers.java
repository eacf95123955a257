package io.quorate.agent.isolate;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;

/**
 * The users of this machine, as the C library knows them: from {@code /etc/passwd}, LDAP or
 * whatever {@code nsswitch.conf} names. Any thread may ask.
 */
public final class SystemUsers {
  private static final int BUFFER_BYTES_MAX = 1 << 20;
  private static final int BUFFER_BYTES_FIRST = 4 << 10;
  private static final int BUFFER_TOO_SMALL = 34;

  /** In a {@code struct passwd} the group follows two pointers and the user's number. */
  private static final long GROUP_OFFSET = 2L * Native.POINTER_SIZE + Integer.BYTES;

  private static final long STRUCT_BYTES = 7L * Native.POINTER_SIZE;
  private static final long UNSIGNED = 0xffffffffL;
  private static final CLibrary C = Native.load("c", CLibrary.class);

  private SystemUsers() {}

  /** What is used of the C library. */
  interface CLibrary extends Library {
    /** Finds a user by name; returns 0 or the number of an error (POSIX.1). */
    int getpwnam_r(String name, Pointer entry, Pointer buffer, long size, PointerByReference found);
  }

  /**
   * Returns the number of a user's primary group.
   *
   * @throws IOException if there is no such user, or the user's entry cannot be read; the message
   *     names the user and is for the framework
   */
  public static long primaryGroup(String user) throws IOException {
    try (Memory entry = new Memory(STRUCT_BYTES)) {
      for (int bytes = BUFFER_BYTES_FIRST; bytes <= BUFFER_BYTES_MAX; bytes *= 2) {
        try (Memory buffer = new Memory(bytes)) {
          PointerByReference found = new PointerByReference();
          int error = C.getpwnam_r(user, entry, buffer, bytes, found);
          if (error != BUFFER_TOO_SMALL) {
            if (found.getValue() == null) {
              throw new IOException("the user '" + user + "' is unknown on this agent");
            }
            return entry.getInt(GROUP_OFFSET) & UNSIGNED;
          }
        }
      }
    }
    throw new IOException("the entry of the user '" + user + "' is larger than 1 MiB");
  }
}
