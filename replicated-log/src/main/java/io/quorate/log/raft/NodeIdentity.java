package io.quorate.log.raft;

import java.io.IOException;
import java.io.StringReader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Properties;
import java.util.UUID;

/**
 * Who a directory belongs to, and the lock that keeps a second process out of it.
 *
 * <p>A member whose vote or log was lost must never come back under its old name: it could vote
 * twice in one term, or elect a leader that lacks acknowledged entries. JRaft takes a missing vote
 * for term 0. So the vote is stored before the name is, and the log exists before the first term
 * does: from then on each of them missing is a reason not to start. A crash in between leaves
 * nothing that was promised, and is claimed anew.
 */
final class NodeIdentity implements AutoCloseable {
  private static final String FILE = "member";
  private static final String LOCK = "lock";
  private static final String REMEDY =
      " Remove the member from the quorum, wipe the directory and add it as a new member";

  private final Path directory;
  private final FileChannel channel;

  private NodeIdentity(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Locks the directory, and checks it or claims it.
   *
   * @param members the first members of the quorum, kept for people to see
   * @throws IOException if it is in use, is another member's, or has lost its vote or log
   */
  static NodeIdentity claim(Path directory, String member, List<String> members)
      throws IOException {
    Files.createDirectories(directory);
    NodeIdentity identity = new NodeIdentity(directory, lock(directory));
    try {
      if (Files.exists(directory.resolve(FILE))) {
        identity.check(member);
      } else {
        identity.mint(member, members);
      }
      return identity;
    } catch (IOException | RuntimeException e) {
      identity.close();
      throw e;
    }
  }

  private static FileChannel lock(Path directory) throws IOException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = null;
    try {
      lock = channel.tryLock();
    } catch (OverlappingFileLockException e) {
      // Held by this very process: told like any other holder.
    } finally {
      if (lock == null) {
        channel.close();
      }
    }
    if (lock == null) {
      throw new IOException(directory + " is in use by another process");
    }
    return channel;
  }

  private Path votes() {
    return directory.resolve("meta");
  }

  /** RocksDB's own pointer to its files: where it is missing, there is no log. */
  private boolean hasLog() {
    return Files.exists(directory.resolve("log").resolve("CURRENT"));
  }

  private void check(String member) throws IOException {
    Path file = directory.resolve(FILE);
    Properties read = new Properties();
    read.load(new StringReader(Files.readString(file, StandardCharsets.UTF_8)));
    String owner = read.getProperty("address");
    if (owner == null || read.getProperty("id") == null) {
      throw new IOException(file + " is damaged." + REMEDY);
    }
    if (!owner.equals(member)) {
      throw new IOException(directory + " belongs to the member " + owner + ", not to " + member);
    }
    if (!VoteStorage.exists(votes())) {
      throw new IOException(directory + " has lost its vote: " + refusal());
    }
    if (!hasLog() && VoteStorage.storedTerm(votes()) > 0) {
      throw new IOException(directory + " has lost its log: " + refusal());
    }
  }

  /** Whether this member never was in a term. */
  boolean blank() throws IOException {
    return VoteStorage.storedTerm(votes()) == 0;
  }

  private static String refusal() {
    return "this member must not start under its old name." + REMEDY;
  }

  private void mint(String member, List<String> members) throws IOException {
    if (hasLog() || (VoteStorage.exists(votes()) && VoteStorage.storedTerm(votes()) > 0)) {
      throw new IOException(
          directory + " holds a log but not the name of its member: it is damaged." + REMEDY);
    }
    VoteStorage.create(votes());
    String text =
        "address=%s%nid=%s%nfirst_members=%s%n"
            .formatted(member.replace(":", "\\:"), UUID.randomUUID(), String.join(",", members));
    StableFile.replace(directory.resolve(FILE), text.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
