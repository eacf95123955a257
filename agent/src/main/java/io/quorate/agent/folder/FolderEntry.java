package io.quorate.agent.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/**
 * What a folder says of one of its entries; of a link, what it says of the link itself.
 *
 * @param name in UTF-8
 * @param kind {@code -}, {@code d} or {@code l} for a file, a folder, a link, {@code ?} for what is
 *     none of them
 * @param links how many names it has
 * @param bytes its size
 * @param permissions as in {@code rwxr-xr-x}
 */
public record FolderEntry(
    String name,
    char kind,
    int links,
    long bytes,
    Instant modified,
    String permissions,
    String owner,
    String group) {
  private static final String FACTS =
      "unix:isRegularFile,isDirectory,isSymbolicLink,nlink,size,lastModifiedTime,permissions,owner,group";

  static FolderEntry of(Path path) throws IOException {
    return read(path, LinkOption.NOFOLLOW_LINKS);
  }

  /** Of what is open: the entry of {@code /proc} is no link but the thing itself. */
  static FolderEntry ofOpen(Path path) throws IOException {
    return read(path);
  }

  private static FolderEntry read(Path path, LinkOption... options) throws IOException {
    Map<String, Object> facts = Files.readAttributes(path, FACTS, options);
    char kind = '?';
    if ((boolean) facts.get("isRegularFile")) {
      kind = '-';
    } else if ((boolean) facts.get("isDirectory")) {
      kind = 'd';
    } else if ((boolean) facts.get("isSymbolicLink")) {
      kind = 'l';
    }
    return new FolderEntry(
        FileName.text(path.getFileName()),
        kind,
        (int) facts.get("nlink"),
        (long) facts.get("size"),
        ((FileTime) facts.get("lastModifiedTime")).toInstant(),
        permissions(facts.get("permissions")),
        ((UserPrincipal) facts.get("owner")).getName(),
        ((UserPrincipal) facts.get("group")).getName());
  }

  @SuppressWarnings("unchecked")
  private static String permissions(Object set) {
    return PosixFilePermissions.toString((Set<PosixFilePermission>) set);
  }

  public boolean isFolder() {
    return kind == 'd';
  }

  public boolean isLink() {
    return kind == 'l';
  }

  public boolean isFile() {
    return kind == '-';
  }
}
