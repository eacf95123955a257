package io.quorate.agent.fetch;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Unpacks archives into a sandbox. The agent reads an archive itself, passes on what is harmless as
 * a plain tar stream, and a {@code tar} with the rights of the task's user writes it. So owners and
 * set-id bits do not come through, no member has an absolute name, a {@code ..} or a link on its
 * way, and links are made when all else is there. Any thread may call it, and is blocked.
 */
final class Unpacker {
  private static final int BUFFER_BYTES = 64 << 10;
  private static final int ENTRY_BYTES = 1024;
  private static final int FOLDER_RIGHTS = 0700;

  private final SandboxCommands rights;
  private final long bytesMax;
  private final SandboxTarget targets;
  private final Set<Path> files = new HashSet<>();
  private final Set<Path> linkNames = new HashSet<>();
  private final List<Archive.Member> links = new ArrayList<>();
  private long bytes;

  /**
   * Makes one for one archive.
   *
   * @param bytesMax how much may come out of it, with 1 KiB for each member
   */
  Unpacker(SandboxCommands rights, long bytesMax) {
    this.rights = rights;
    this.bytesMax = bytesMax;
    this.targets = new SandboxTarget(rights.sandbox());
  }

  /**
   * Unpacks an archive.
   *
   * @param file the archive, the agent's own
   * @param name by which its kind is known
   * @throws IOException if it cannot be read, or has a member that is refused; the message names it
   */
  void unpack(Path file, String name) throws IOException {
    rights.feed(
        out -> {
          TarArchiveOutputStream tar =
              new TarArchiveOutputStream(out, StandardCharsets.UTF_8.name());
          tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
          tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
          tar.setAddPaxHeadersForNonAsciiNames(true);
          Archive.read(file, name, (member, content) -> take(member, content, tar));
          for (Archive.Member link : links) {
            tar.putArchiveEntry(link(link));
            tar.closeArchiveEntry();
          }
          tar.finish();
        },
        "tar",
        "--no-same-owner",
        "--no-same-permissions",
        "-xf",
        "-");
  }

  /**
   * Decompresses a single file.
   *
   * @param name what it is called then, in the sandbox
   */
  void gunzip(Path file, Path name) throws IOException {
    rights.feed(
        out -> {
          try (InputStream in = Archive.gunzipped(Files.newInputStream(file))) {
            copy(in, out);
          }
        },
        "sh",
        "-c",
        Fetcher.WRITE,
        "sh",
        name.toString());
  }

  private void take(Archive.Member member, InputStream content, TarArchiveOutputStream tar)
      throws IOException {
    Path name = name(member);
    if (name.toString().isEmpty()) {
      return;
    }
    count(ENTRY_BYTES);
    switch (member.kind()) {
      case FOLDER -> {
        TarArchiveEntry folder = new TarArchiveEntry(name + "/");
        put(tar, folder, member, member.mode() | FOLDER_RIGHTS);
        tar.closeArchiveEntry();
      }
      case FILE -> {
        files.add(name);
        TarArchiveEntry file = new TarArchiveEntry(name.toString());
        file.setSize(member.bytes());
        put(tar, file, member, member.mode());
        copy(content, tar);
        tar.closeArchiveEntry();
      }
      case SYMBOLIC_LINK, HARD_LINK -> {
        linkNames.add(name);
        links.add(member);
      }
      case OTHER -> throw refusal(member, "is neither a file, nor a folder, nor a link");
    }
  }

  private static void put(
      TarArchiveOutputStream tar, TarArchiveEntry entry, Archive.Member member, int mode)
      throws IOException {
    entry.setMode(mode);
    entry.setModTime(member.modified());
    tar.putArchiveEntry(entry);
  }

  private TarArchiveEntry link(Archive.Member member) throws IOException {
    boolean hard = member.kind() == Archive.Kind.HARD_LINK;
    if (hard && !files.contains(path(member, member.to()).normalize())) {
      throw refusal(member, "is a hard link to what is not a file of the archive");
    }
    TarArchiveEntry link =
        new TarArchiveEntry(
            name(member).toString(), hard ? TarConstants.LF_LINK : TarConstants.LF_SYMLINK);
    link.setLinkName(member.to());
    link.setModTime(member.modified());
    return link;
  }

  private Path name(Archive.Member member) throws IOException {
    Path name = path(member, member.name());
    Optional<String> wrong = targets.validate(name);
    if (wrong.isPresent()) {
      throw refusal(member, wrong.get());
    }
    Path relative = name.normalize();
    for (Path way = relative.getParent(); way != null; way = way.getParent()) {
      if (linkNames.contains(way)) {
        throw refusal(member, "leads through the link '" + way + "'");
      }
    }
    return relative;
  }

  private static Path path(Archive.Member member, String name) throws FetchException {
    try {
      return Path.of(name);
    } catch (InvalidPathException e) {
      throw refusal(member, "has a name that this agent's locale cannot write");
    }
  }

  private static FetchException refusal(Archive.Member member, String why) {
    return new FetchException("its member '" + member.name() + "' " + why);
  }

  private void count(long more) throws FetchException {
    bytes += more;
    if (bytes > bytesMax) {
      throw new FetchException(
          "more than " + bytesMax + " bytes come out of it (--max_fetch_size)");
    }
    if (rights.abandoned().getAsBoolean()) {
      throw new FetchException("the task was given up");
    }
  }

  private void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      count(read);
      out.write(buffer, 0, read);
    }
  }
}
