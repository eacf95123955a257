package io.quorate.log.raft;

import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.option.RaftMetaStorageOptions;
import com.alipay.sofa.jraft.storage.RaftMetaStorage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Term and vote on stable storage, fail-stop: JRaft answers "granted" even though writing the vote
 * failed, so a write that fails ends the process before that answer leaves (Raft paper, figure 2:
 * both must be on stable storage before responding to RPCs).
 *
 * <p>The file is one line, {@code term vote checksum}, replaced by a synced rename.
 */
final class VoteStorage implements RaftMetaStorage {
  static final String FILE = "vote";

  private final Path file;
  private final FaultHandler faults;
  private long term;
  private PeerId votedFor = PeerId.emptyPeer();

  VoteStorage(Path directory, FaultHandler faults) {
    this.file = directory.resolve(FILE);
    this.faults = faults;
  }

  @Override
  public boolean init(RaftMetaStorageOptions options) {
    try {
      load();
      return true;
    } catch (IOException e) {
      faults.fault("the term and vote in " + file + " cannot be read", e);
      return false;
    }
  }

  private void load() throws IOException {
    String[] parts = Files.readString(file, StandardCharsets.UTF_8).strip().split(" ", -1);
    if (parts.length != 3 || !parts[2].equals(checksum(parts[0], parts[1]))) {
      throw new IOException(
          "the file is damaged: this member must not vote again. Remove it from the quorum, wipe"
              + " its directory and add it as a new member");
    }
    term = Long.parseLong(parts[0]);
    PeerId vote = new PeerId();
    if (!parts[1].equals("-") && !vote.parse(parts[1])) {
      throw new IOException("'" + parts[1] + "' is no address");
    }
    votedFor = vote;
  }

  /** Whether a term and vote are stored in this directory. */
  static boolean exists(Path directory) {
    return Files.exists(directory.resolve(FILE));
  }

  /**
   * The stored term.
   *
   * @throws IOException if the file is missing or damaged
   */
  static long storedTerm(Path directory) throws IOException {
    VoteStorage stored = new VoteStorage(directory, FaultHandler.haltProcess());
    stored.load();
    return stored.term;
  }

  /** Stores term 0 and no vote: what a member that never voted holds. */
  static void create(Path directory) throws IOException {
    Files.createDirectories(directory);
    new VoteStorage(directory, FaultHandler.haltProcess()).write();
  }

  private boolean save() {
    try {
      write();
      return true;
    } catch (IOException e) {
      faults.fault("the vote of term " + term + " could not be stored in " + file, e);
      throw new IllegalStateException("a vote that is not stored must not be told", e);
    }
  }

  private void write() throws IOException {
    String vote = votedFor.isEmpty() ? "-" : votedFor.toString();
    String time = Long.toString(term);
    String line = time + " " + vote + " " + checksum(time, vote) + "\n";
    StableFile.replace(file, line.getBytes(StandardCharsets.UTF_8));
  }

  private static String checksum(String time, String vote) {
    CRC32C crc = new CRC32C();
    crc.update((time + " " + vote).getBytes(StandardCharsets.UTF_8));
    return Long.toHexString(crc.getValue());
  }

  @Override
  public void shutdown() {}

  @Override
  public boolean setTerm(long newTerm) {
    term = newTerm;
    return save();
  }

  @Override
  public long getTerm() {
    return term;
  }

  @Override
  public boolean setVotedFor(PeerId peer) {
    votedFor = peer.copy();
    return save();
  }

  @Override
  public PeerId getVotedFor() {
    return votedFor;
  }

  @Override
  public boolean setTermAndVotedFor(long newTerm, PeerId peer) {
    term = newTerm;
    votedFor = peer.copy();
    return save();
  }
}
