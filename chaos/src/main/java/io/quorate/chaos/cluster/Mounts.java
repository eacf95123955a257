package io.quorate.chaos.cluster;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Mounts on this machine that the machines of a cluster see. */
final class Mounts {
  private static final Duration LONG = Duration.ofSeconds(20);

  private Mounts() {}

  /**
   * Puts a folder on a small file system of its own.
   *
   * @param name its source, as /proc/mounts has it
   */
  static void small(Path folder, int mebibytes, String name) throws IOException {
    String at = Shell.quote(folder.toString());
    sh("mkdir -p " + at + " && mount -t tmpfs -o size=" + mebibytes + "m " + name + " " + at);
  }

  /** What is mounted below a directory later is seen wherever it is bound as a slave. */
  static void share(Path directory) throws IOException {
    String at = Shell.quote(directory.toString());
    // Most file systems of a machine are private: what is shared is this mount of its own.
    sh("mount --bind " + at + " " + at + " && mount --make-shared " + at);
  }

  /** Undoes that, with all that is mounted below. */
  static void unshare(String directory) {
    String at = Shell.quote(directory);
    undo("if mountpoint -q " + at + "; then umount -l " + at + "; fi");
  }

  /** Unmounts all small ones of a name. */
  static void removeSmall(String name) {
    undo("awk '$1 == \"" + name + "\" {print $2}' /proc/mounts | xargs -r umount -l");
  }

  private static void undo(String script) {
    try {
      sh(script);
    } catch (IOException e) {
      System.err.println("quorate: not unmounted: " + e.getMessage());
    }
  }

  private static void sh(String script) throws IOException {
    Shell.run(LONG, List.of("sh", "-c", script));
  }
}
