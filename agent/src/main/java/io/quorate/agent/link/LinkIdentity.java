package io.quorate.agent.link;

import com.google.protobuf.ByteString;
import io.quorate.protocol.link.SigningKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * Who this agent is on its links, and whose it is: its key pair in {@code meta/agent.key}, made at
 * the first start, and the public key of its cluster in {@code meta/cluster.key}, kept when a
 * master first registered it. Both files belong to the agent alone (mode 600) and are synced before
 * they are believed. The link's event loop uses it.
 */
public final class LinkIdentity {
  private static final int FILE_BYTES_MAX = 1024;

  private final SigningKey key;
  private final Path clusterFile;
  private Optional<ByteString> cluster;

  private LinkIdentity(SigningKey key, Path clusterFile, Optional<ByteString> cluster) {
    this.key = key;
    this.clusterFile = clusterFile;
    this.cluster = cluster;
  }

  /**
   * Reads the identity, or makes one.
   *
   * @param meta the directory of the agent's own files
   * @throws IOException if a file cannot be read or written, or does not hold a key; names it
   */
  public static LinkIdentity of(Path meta) throws IOException {
    Files.createDirectories(meta);
    Path keyFile = meta.resolve("agent.key");
    if (!Files.exists(keyFile, LinkOption.NOFOLLOW_LINKS)) {
      write(keyFile, SigningKey.freshSeed());
    }
    byte[] seed = read(keyFile);
    if (seed.length != SigningKey.SEED_BYTES) {
      throw new IOException(
          keyFile
              + " is not a key of "
              + SigningKey.SEED_BYTES
              + " bytes: without the key that the agent registered with it can only be a new one,"
              + " with an empty --work_dir");
    }
    Path clusterFile = meta.resolve("cluster.key");
    Optional<ByteString> cluster =
        Files.exists(clusterFile, LinkOption.NOFOLLOW_LINKS)
            ? Optional.of(ByteString.copyFrom(read(clusterFile)))
            : Optional.empty();
    return new LinkIdentity(SigningKey.ofSeed(seed), clusterFile, cluster);
  }

  SigningKey key() {
    return key;
  }

  /** Returns the public key of the cluster, which is empty until a master registered this agent. */
  Optional<ByteString> cluster() {
    return cluster;
  }

  /** From now on only masters of this cluster are believed. */
  void belongTo(ByteString clusterKey) throws IOException {
    if (!cluster.equals(Optional.of(clusterKey))) {
      write(clusterFile, clusterKey.toByteArray());
      cluster = Optional.of(clusterKey);
    }
  }

  private static byte[] read(Path file) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        || Files.size(file) > FILE_BYTES_MAX) {
      throw new IOException(file + " is not a file with a key");
    }
    return Files.readAllBytes(file);
  }

  /** All of it or nothing is there after a loss of power. */
  private static void write(Path file, byte[] bytes) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".new");
    Files.deleteIfExists(next);
    try (FileChannel channel =
        FileChannel.open(
            next,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel directory = FileChannel.open(file.getParent())) {
      directory.force(true);
    }
  }
}
