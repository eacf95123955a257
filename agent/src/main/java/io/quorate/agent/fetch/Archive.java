package io.quorate.agent.fetch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorInputStream;

/** Reads archives, of the kinds that are known by their suffix. It writes nothing. */
final class Archive {
  /** What the largest level of xz needs, and as much again. */
  private static final int XZ_KIB_MAX = 128 << 10;

  private static final int SYMBOLIC_LINK_FLAG = 0xA000;
  private static final int KIND_MASK = 0xF000;
  private static final int RIGHTS_MASK = 0x1FF;
  private static final int BLOCK_BYTES = 512;

  private static final List<Map.Entry<String, Decoder>> TARS =
      List.of(
          Map.entry(".tar", in -> in),
          Map.entry(".tgz", Archive::gunzipped),
          Map.entry(".tar.gz", Archive::gunzipped),
          Map.entry(".tbz2", in -> new BZip2CompressorInputStream(in, true)),
          Map.entry(".tar.bz2", in -> new BZip2CompressorInputStream(in, true)),
          Map.entry(".txz", in -> new XZCompressorInputStream(in, true, XZ_KIB_MAX)),
          Map.entry(".tar.xz", in -> new XZCompressorInputStream(in, true, XZ_KIB_MAX)),
          Map.entry(".tzst", ZstdCompressorInputStream::new),
          Map.entry(".tar.zst", ZstdCompressorInputStream::new));

  private Archive() {}

  /** Decompresses. */
  private interface Decoder {
    InputStream of(InputStream in) throws IOException;
  }

  /** What a member is. */
  enum Kind {
    FILE,
    FOLDER,
    SYMBOLIC_LINK,
    HARD_LINK,
    OTHER
  }

  /**
   * A member.
   *
   * @param to where a link leads
   * @param mode the nine bits of rights; none else are taken
   * @param modified in milliseconds since the epoch
   */
  record Member(String name, Kind kind, String to, long bytes, int mode, long modified) {}

  /** Takes members one after another. */
  interface Taker {
    void take(Member member, InputStream content) throws IOException;
  }

  /** Whether a file of this name is unpacked into several. */
  static boolean isArchive(String name) {
    return name.endsWith(".zip") || decoder(name).isPresent();
  }

  /** What a file of this name is called when it is not compressed; empty if it is no such file. */
  static Optional<String> plainName(String name) {
    return name.endsWith(".gz") && !isArchive(name) && name.length() > ".gz".length()
        ? Optional.of(name.substring(0, name.length() - ".gz".length()))
        : Optional.empty();
  }

  static InputStream gunzipped(InputStream in) throws IOException {
    return new GzipCompressorInputStream(in, true);
  }

  private static Optional<Decoder> decoder(String name) {
    return TARS.stream()
        .filter(kind -> name.endsWith(kind.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * Reads all members.
   *
   * @param file the archive, which nobody changes meanwhile
   * @param name by which its kind is known
   * @throws IOException if it cannot be read, or a member is not taken
   */
  static void read(Path file, String name, Taker taker) throws IOException {
    if (name.endsWith(".zip")) {
      readZip(file, taker);
      return;
    }
    Decoder decoder = decoder(name).orElseThrow();
    try (InputStream in =
        new BufferedInputStream(
            decoder.of(new BufferedInputStream(Files.newInputStream(file))), BLOCK_BYTES << 4)) {
      in.mark(BLOCK_BYTES);
      boolean ends = onlyZeros(in.readNBytes(BLOCK_BYTES));
      in.reset();
      TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8");
      TarArchiveEntry entry = tar.getNextEntry();
      if (entry == null && !ends) {
        throw new FetchException("it is no tar archive");
      }
      for (; entry != null; entry = tar.getNextEntry()) {
        taker.take(member(entry), tar);
      }
    }
  }

  private static boolean onlyZeros(byte[] block) {
    for (byte one : block) {
      if (one != 0) {
        return false;
      }
    }
    return true;
  }

  private static Member member(TarArchiveEntry entry) {
    Kind kind = Kind.OTHER;
    if (entry.isDirectory()) {
      kind = Kind.FOLDER;
    } else if (entry.isSymbolicLink()) {
      kind = Kind.SYMBOLIC_LINK;
    } else if (entry.isLink()) {
      kind = Kind.HARD_LINK;
    } else if (entry.isFile()
        && !entry.isFIFO()
        && !entry.isCharacterDevice()
        && !entry.isBlockDevice()) {
      kind = Kind.FILE;
    }
    return new Member(
        entry.getName(),
        kind,
        entry.getLinkName(),
        entry.isSparse() ? entry.getRealSize() : entry.getSize(),
        entry.getMode() & RIGHTS_MASK,
        entry.getLastModifiedDate().getTime());
  }

  private static void readZip(Path file, Taker taker) throws IOException {
    try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
      for (Enumeration<ZipArchiveEntry> all = zip.getEntries(); all.hasMoreElements(); ) {
        ZipArchiveEntry entry = all.nextElement();
        try (InputStream content = zip.getInputStream(entry)) {
          taker.take(member(zip, entry), content);
        }
      }
    }
  }

  private static Member member(ZipFile zip, ZipArchiveEntry entry) throws IOException {
    int unix = entry.getUnixMode();
    Kind kind = entry.isDirectory() ? Kind.FOLDER : Kind.FILE;
    String to = "";
    if ((unix & KIND_MASK) == SYMBOLIC_LINK_FLAG) {
      kind = Kind.SYMBOLIC_LINK;
      to = zip.getUnixSymlink(entry);
    }
    int usual = kind == Kind.FOLDER ? 0755 : 0644;
    int rights = unix & RIGHTS_MASK;
    return new Member(
        entry.getName(), kind, to, entry.getSize(), rights == 0 ? usual : rights, entry.getTime());
  }
}
