package io.quorate.agent.supervise;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The users of this machine, as the C library knows them: from {@code /etc/passwd}, LDAP or
 * whatever {@code nsswitch.conf} names. Any thread may ask.
 */
public final class SystemUsers {
  private static final int BUFFER_BYTES_MAX = 1 << 20;
  private static final int BUFFER_BYTES_FIRST = 4 << 10;
  private static final int BUFFER_TOO_SMALL = 34;
  private static final int GROUPS_MAX = 1 << 16;

  /** In a {@code struct passwd} the user's number follows two pointers, and then the group's. */
  private static final long USER_OFFSET = 2L * Native.POINTER_SIZE;

  private static final long GROUP_OFFSET = USER_OFFSET + Integer.BYTES;
  private static final long STRUCT_BYTES = 7L * Native.POINTER_SIZE;
  private static final long UNSIGNED = 0xffffffffL;
  private static final CLibrary C = Native.load("c", CLibrary.class);

  private SystemUsers() {}

  /** What is used of the C library. */
  interface CLibrary extends Library {
    /** Finds a user by name; returns 0 or the number of an error (POSIX.1). */
    int getpwnam_r(String name, Pointer entry, Pointer buffer, long size, PointerByReference found);

    /** Finds all groups of a user; returns -1 if there is no room for them. */
    int getgrouplist(String name, int group, Pointer groups, IntByReference count);
  }

  /**
   * Returns the rights of a user: the number, the primary group and all groups.
   *
   * @throws IOException if there is no such user, or the user's entry cannot be read; the message
   *     names the user and is for the framework
   */
  public static Rights rights(String user) throws IOException {
    try (Memory entry = new Memory(STRUCT_BYTES)) {
      for (int bytes = BUFFER_BYTES_FIRST; bytes <= BUFFER_BYTES_MAX; bytes *= 2) {
        try (Memory buffer = new Memory(bytes)) {
          PointerByReference found = new PointerByReference();
          int error = C.getpwnam_r(user, entry, buffer, bytes, found);
          if (error != BUFFER_TOO_SMALL) {
            if (found.getValue() == null) {
              throw new IOException("the user '" + user + "' is unknown on this agent");
            }
            int group = entry.getInt(GROUP_OFFSET);
            return new Rights(
                user, entry.getInt(USER_OFFSET) & UNSIGNED, group & UNSIGNED, groups(user, group));
          }
        }
      }
    }
    throw new IOException("the entry of the user '" + user + "' is larger than 1 MiB");
  }

  private static List<Long> groups(String user, int primary) throws IOException {
    for (int room = 64; room <= GROUPS_MAX; room *= 2) {
      try (Memory groups = new Memory((long) room * Integer.BYTES)) {
        IntByReference count = new IntByReference(room);
        if (C.getgrouplist(user, primary, groups, count) >= 0) {
          List<Long> found = new ArrayList<>();
          for (int group : groups.getIntArray(0, count.getValue())) {
            found.add(group & UNSIGNED);
          }
          return found;
        }
      }
    }
    throw new IOException("the user '" + user + "' has more than " + GROUPS_MAX + " groups");
  }
}
