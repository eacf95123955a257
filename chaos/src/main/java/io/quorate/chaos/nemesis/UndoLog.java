package io.quorate.chaos.nemesis;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * Takes back what a dead process changed and did not sync, by the undo log that {@code faults.c}
 * wrote: what is left is what a loss of power may leave. Without the process only.
 */
final class UndoLog {
  /**
   * One change.
   *
   * @param kind W bytes of a file, C a name made, U a name removed, R one moved, D a directory
   *     removed; S and N are syncs, of a file and of a directory's names
   * @param inode of W, C (0 for a second name) and S
   * @param path of C, U, D and N; from where for R
   * @param to of R, or the kept copy of U
   * @param length how many bytes were written
   * @param before the bytes that were there
   */
  private record Change(
      char kind,
      long inode,
      String path,
      String to,
      long offset,
      long size,
      long length,
      byte[] before) {
    static Change name(char kind, long inode, String path, String to) {
      return new Change(kind, inode, path, to, 0, 0, 0, new byte[0]);
    }
  }

  private final Path directory;
  private final Path root;
  private final List<Change> changes = new ArrayList<>();

  /** What was taken back: writes, of files, names. */
  record Undone(int writes, int files, int names, boolean torn) {
    @Override
    public String toString() {
      return writes
          + " unsynced writes of "
          + files
          + " files and "
          + names
          + " names are lost"
          + (torn ? ", but for a piece of one write" : "");
    }
  }

  UndoLog(Path directory, Path root) throws IOException {
    this.directory = directory;
    this.root = root;
    read();
  }

  private void read() throws IOException {
    byte[] log;
    try {
      log = Files.readAllBytes(directory.resolve("log"));
    } catch (NoSuchFileException e) {
      return;
    }
    int at = 0;
    while (at < log.length) {
      int end = lineEnd(log, at);
      if (end < 0) {
        return;
      }
      String line = new String(log, at, end - at, StandardCharsets.UTF_8);
      String rest = line.length() > 2 ? line.substring(2) : "";
      at = end + 1;
      switch (line.charAt(0)) {
        case 'W' -> {
          String[] parts = rest.split(" ", -1);
          int kept = Integer.parseInt(parts[3]);
          if (at + kept > log.length) {
            return;
          }
          byte[] before = new byte[kept];
          System.arraycopy(log, at, before, 0, kept);
          at += kept;
          changes.add(write(parts, before));
        }
        case 'C' -> {
          int blank = rest.indexOf(' ');
          changes.add(
              Change.name(
                  'C', Long.parseLong(rest.substring(0, blank)), rest.substring(blank + 1), ""));
        }
        case 'U' -> {
          int blank = rest.indexOf(' ');
          changes.add(Change.name('U', 0, rest.substring(blank + 1), rest.substring(0, blank)));
        }
        case 'R' -> {
          int next = lineEnd(log, at);
          if (next < 0) {
            return;
          }
          changes.add(
              Change.name('R', 0, rest, new String(log, at, next - at, StandardCharsets.UTF_8)));
          at = next + 1;
        }
        // The rename before it failed.
        case 'X' -> changes.remove(changes.size() - 1);
        case 'S' -> changes.add(Change.name('S', Long.parseLong(rest), "", ""));
        case 'N', 'D' -> changes.add(Change.name(line.charAt(0), 0, rest, ""));
        default -> throw new IOException("not an undo log: " + line);
      }
    }
  }

  private static Change write(String[] parts, byte[] before) {
    return new Change(
        'W',
        Long.parseLong(parts[0]),
        "",
        "",
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Long.parseLong(parts[4]),
        before);
  }

  private static int lineEnd(byte[] log, int from) {
    for (int i = from; i < log.length; i++) {
      if (log[i] == '\n') {
        return i;
      }
    }
    return -1;
  }

  /**
   * Takes back everything that was not durable.
   *
   * @param torn of one file's first lost write a piece stays
   */
  Undone undo(boolean torn, SplittableRandom random) throws IOException {
    List<Integer> lost = lost();
    Set<Long> files = new LinkedHashSet<>();
    for (int change : lost) {
      if (changes.get(change).kind() == 'W' && changes.get(change).length() > 1) {
        files.add(changes.get(change).inode());
      }
    }
    int tornAt = -1;
    if (torn && !files.isEmpty()) {
      long inode = new ArrayList<>(files).get(random.nextInt(files.size()));
      tornAt =
          lost.stream()
              .filter(change -> changes.get(change).kind() == 'W')
              .filter(change -> changes.get(change).inode() == inode)
              .mapToInt(change -> change)
              .min()
              .orElse(-1);
    }
    Map<Long, Path> paths = paths();
    int writes = 0;
    int names = 0;
    for (int i = lost.size() - 1; i >= 0; i--) {
      Change change = changes.get(lost.get(i));
      if (change.kind() == 'W') {
        long stays = lost.get(i) == tornAt ? 1 + random.nextLong(change.length() - 1) : 0;
        Path path = paths.get(change.inode());
        if (path != null) {
          restore(path, change, stays);
          writes++;
        }
      } else if (undoName(change)) {
        paths = paths();
        names++;
      }
    }
    Files.deleteIfExists(directory.resolve("log"));
    return new Undone(writes, files.size(), names, tornAt >= 0);
  }

  private static void restore(Path path, Change change, long stays) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw")) {
      if (stays < change.before().length) {
        file.seek(change.offset() + stays);
        file.write(change.before(), (int) stays, (int) (change.before().length - stays));
      }
      file.setLength(stays > 0 ? Math.max(change.size(), change.offset() + stays) : change.size());
    }
  }

  private boolean undoName(Change change) throws IOException {
    Path path = Path.of(change.path());
    switch (change.kind()) {
      case 'C' -> {
        return Files.deleteIfExists(path);
      }
      case 'U' -> {
        Path kept = directory.resolve(change.to());
        if (Files.exists(kept) && !Files.exists(path) && Files.isDirectory(path.getParent())) {
          Files.createLink(path, kept);
          return true;
        }
        return false;
      }
      case 'R' -> {
        Path moved = Path.of(change.to());
        if (Files.exists(moved) && !Files.exists(path)) {
          Files.move(moved, path);
          return true;
        }
        return false;
      }
      default -> {
        Files.createDirectories(path);
        return true;
      }
    }
  }

  /** Numbers of the changes that no later sync made durable. */
  private List<Integer> lost() {
    Map<Long, Integer> synced = new HashMap<>();
    Map<String, Integer> listed = new HashMap<>();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      if (change.kind() == 'S') {
        synced.put(change.inode(), i);
      } else if (change.kind() == 'N') {
        listed.put(change.path(), i);
      }
    }
    List<Integer> lost = new ArrayList<>();
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      boolean inTime = synced.getOrDefault(change.inode(), -1) > i;
      boolean durable =
          switch (change.kind()) {
            case 'W' -> inTime;
            case 'C' -> inTime || listed(listed, change.path()) > i;
            case 'R' -> listed(listed, change.path()) > i && listed(listed, change.to()) > i;
            case 'U', 'D' -> listed(listed, change.path()) > i;
            default -> true;
          };
      if (!durable) {
        lost.add(i);
      }
    }
    return lost;
  }

  private static int listed(Map<String, Integer> listed, String path) {
    return listed.getOrDefault(path.substring(0, path.lastIndexOf('/')), -1);
  }

  /** Where each file is now; also those that have no name any more but a kept copy. */
  private Map<Long, Path> paths() throws IOException {
    Map<Long, Path> paths = new HashMap<>();
    for (Path folder : List.of(directory, root)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path file : all.filter(Files::isRegularFile).toList()) {
          paths.put(((Number) Files.getAttribute(file, "unix:ino")).longValue(), file);
        }
      }
    }
    return paths;
  }
}
