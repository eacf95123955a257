package io.quorate.agent.folder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder held by its descriptor. Whoever renames it, or puts a link in its place, changes nothing
 * about where its methods read, make and remove. No method follows a link, and none waits for
 * anything but the disk. Names are single names, in UTF-8. One thread at a time may use it.
 */
public final class HeldFolder implements AutoCloseable {
  private final int descriptor;
  private final Path path;

  private HeldFolder(int descriptor) {
    this.descriptor = descriptor;
    this.path = Descriptors.path(descriptor);
  }

  /**
   * Opens a folder by a path that no task can change; links in it are followed.
   *
   * @throws IOException if it is no folder, or not there
   */
  public static HeldFolder open(Path trusted) throws IOException {
    return folder(Descriptors.open(trusted), trusted);
  }

  /**
   * Opens the folder of this name.
   *
   * @throws NotDirectoryException if it is a link or a file
   * @throws NoSuchFileException if it is not there
   */
  public HeldFolder folder(String name) throws IOException {
    return folder(Descriptors.open(descriptor, FileName.one(name), name), name);
  }

  private HeldFolder folder(Path entry) throws IOException {
    return folder(Descriptors.open(descriptor, FileName.bytes(entry.getFileName()), entry), entry);
  }

  private static HeldFolder folder(int descriptor, Object shown) throws IOException {
    boolean folder = false;
    try {
      folder = Files.isDirectory(Descriptors.path(descriptor));
    } finally {
      if (!folder) {
        Descriptors.close(descriptor);
      }
    }
    if (!folder) {
      throw new NotDirectoryException(String.valueOf(shown));
    }
    return new HeldFolder(descriptor);
  }

  /**
   * Opens the regular file of this name for reading.
   *
   * @throws NoSuchFileException if it is not there, or something else: a link, folder, FIFO, device
   */
  public FileChannel file(String name) throws IOException {
    int file = Descriptors.open(descriptor, FileName.one(name), name);
    try {
      if (!Files.isRegularFile(Descriptors.path(file))) {
        throw new NoSuchFileException(name, null, "it is no regular file");
      }
      return FileChannel.open(Descriptors.path(file), StandardOpenOption.READ);
    } finally {
      Descriptors.close(file);
    }
  }

  /**
   * Opens the regular file of this name for writing at its end, and makes it, the folder's owner's,
   * if nothing has the name.
   *
   * @throws NoSuchFileException if it is something else: a link, a folder, a FIFO, a device, or a
   *     file with a second name, which may be anybody's
   */
  public FileChannel append(String name) throws IOException {
    Path entry = FileName.child(path, FileName.one(name));
    try {
      Files.createFile(
          entry,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r--r--")));
      Files.setAttribute(
          entry, "unix:uid", Files.getAttribute(path, "unix:uid"), LinkOption.NOFOLLOW_LINKS);
      Files.setAttribute(
          entry, "unix:gid", Files.getAttribute(path, "unix:gid"), LinkOption.NOFOLLOW_LINKS);
    } catch (FileAlreadyExistsException e) {
      // It goes on where it is.
    }
    int file = Descriptors.open(descriptor, FileName.one(name), name);
    try {
      Path open = Descriptors.path(file);
      if (!Files.isRegularFile(open) || (int) Files.getAttribute(open, "unix:nlink") != 1) {
        throw new NoSuchFileException(name, null, "it is no regular file of one name");
      }
      return FileChannel.open(open, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    } finally {
      Descriptors.close(file);
    }
  }

  /** What has this name; empty if nothing has. */
  public Optional<FolderEntry> entry(String name) throws IOException {
    try {
      return Optional.of(FolderEntry.of(FileName.child(path, FileName.one(name))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The folder itself, under no name. */
  public FolderEntry self() throws IOException {
    return FolderEntry.ofOpen(path);
  }

  /** Where the link of this name leads; empty if it is none. */
  public Optional<String> link(String name) throws IOException {
    Path entry = FileName.child(path, FileName.one(name));
    return Files.isSymbolicLink(entry)
        ? Optional.of(FileName.text(Files.readSymbolicLink(entry)))
        : Optional.empty();
  }

  /**
   * What is in it, in no order.
   *
   * @param max how many entries at most
   * @throws FileSystemException if there are more
   */
  public List<FolderEntry> entries(int max) throws IOException {
    List<FolderEntry> entries = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(path)) {
      for (Path entry : all) {
        if (entries.size() == max) {
          throw new FileSystemException("the folder", null, "it has more than " + max + " entries");
        }
        try {
          entries.add(FolderEntry.of(entry));
        } catch (NoSuchFileException e) {
          // It went meanwhile.
          continue;
        }
      }
    }
    return entries;
  }

  /**
   * Opens the folder of this name, and makes it if it is not there.
   *
   * @param owner whose a new one is; empty for the agent's own
   * @throws NotDirectoryException if it is a link or a file
   */
  public HeldFolder makeFolder(String name, Optional<UserPrincipal> owner) throws IOException {
    try {
      Files.createDirectory(
          FileName.child(path, FileName.one(name)),
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    } catch (FileAlreadyExistsException e) {
      return folder(name);
    }
    HeldFolder made = folder(name);
    if (owner.isPresent()) {
      made.own(owner.get());
    }
    return made;
  }

  /** Makes it another user's: the folder, and not what is in it. */
  public void own(UserPrincipal owner) throws IOException {
    Files.setOwner(path, owner);
  }

  /** Makes it the user's and the group's whose another folder is. */
  public void ownAs(HeldFolder other) throws IOException {
    Files.setAttribute(path, "unix:uid", Files.getAttribute(other.path, "unix:uid"));
    Files.setAttribute(path, "unix:gid", Files.getAttribute(other.path, "unix:gid"));
  }

  /** Makes a link of this name, in the place of a link or a file; a folder there must be empty. */
  public void makeLink(String name, Path to) throws IOException {
    Path entry = FileName.child(path, FileName.one(name));
    Files.deleteIfExists(entry);
    Files.createSymbolicLink(entry, to);
  }

  /**
   * Removes what has this name, with all that is in it. What cannot be removed does not keep the
   * rest; what is mounted there, and links lead to, stays.
   *
   * @throws IOException for the first that could not be removed
   */
  public void remove(String name) throws IOException {
    new TreeRemoval(this).remove(FileName.child(path, FileName.one(name)));
  }

  // -- For TreeRemoval --------------------------------------------------------------------------

  Path path() {
    return path;
  }

  HeldFolder child(Path entry) throws IOException {
    return folder(entry);
  }

  String mount() throws IOException {
    return Descriptors.mount(descriptor);
  }

  @Override
  public void close() {
    Descriptors.close(descriptor);
  }
}
