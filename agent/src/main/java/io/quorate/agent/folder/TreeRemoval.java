package io.quorate.agent.folder;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Removes a tree that others may change meanwhile. Each folder is entered by its descriptor, so
 * that a link that is put in its place leads nowhere. A tree may be of any depth: what is too deep
 * is moved up first, as each level costs a descriptor.
 */
final class TreeRemoval {
  private static final int DEPTH_MAX = 100;

  /** What a task adds while it is removed is removed as well, but not for ever. */
  private static final int PASSES_MAX = 1_000;

  private final HeldFolder parent;
  private IOException first;
  private HeldFolder top;
  private String mount;
  private long moved;

  TreeRemoval(HeldFolder parent) {
    this.parent = parent;
  }

  /**
   * Removes an entry of the folder.
   *
   * @throws IOException for the first that could not be removed
   */
  void remove(Path entry) throws IOException {
    if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
      delete(parent, entry);
    } else {
      removeTree(entry);
    }
    if (first != null) {
      throw first;
    }
  }

  private void removeTree(Path entry) throws IOException {
    try (HeldFolder root = parent.child(entry)) {
      top = root;
      mount = parent.mount();
      long before = -1;
      for (int pass = 0; pass < PASSES_MAX && before != moved; pass++) {
        before = moved;
        first = null;
        empty(root, 1);
      }
    }
    delete(parent, entry);
  }

  private void empty(HeldFolder folder, int depth) {
    try {
      if (!folder.mount().equals(mount)) {
        throw new IOException("something is mounted there");
      }
      try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder.path())) {
        for (Path entry : entries) {
          removeOne(folder, entry, depth);
        }
      }
    } catch (IOException e) {
      failed(folder, Path.of(""), e);
    }
  }

  private void removeOne(HeldFolder folder, Path entry, int depth) {
    try {
      if (!Files.isDirectory(entry, LinkOption.NOFOLLOW_LINKS)) {
        delete(folder, entry);
      } else if (depth >= DEPTH_MAX) {
        Files.move(
            entry,
            top.path().resolve(".quorate-removed-" + moved++),
            StandardCopyOption.ATOMIC_MOVE);
      } else {
        try (HeldFolder child = folder.child(entry)) {
          empty(child, depth + 1);
        }
        delete(folder, entry);
      }
    } catch (IOException e) {
      failed(folder, entry.getFileName(), e);
    }
  }

  private void delete(HeldFolder folder, Path entry) {
    try {
      Files.deleteIfExists(entry);
    } catch (IOException e) {
      failed(folder, entry.getFileName(), e);
    }
  }

  /** Keeps the first failure, with the place as people know it. */
  private void failed(HeldFolder folder, Path name, IOException failure) {
    if (first != null || failure instanceof NoSuchFileException) {
      return;
    }
    String place = name.toString();
    try {
      place = folder.path().toRealPath().resolve(name).toString();
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    String why =
        failure instanceof FileSystemException known && known.getReason() != null
            ? known.getReason()
            : failure instanceof DirectoryNotEmptyException
                ? "it is not empty"
                : String.valueOf(failure.getMessage());
    first = new IOException(place + ": " + why, failure);
  }
}
