package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.entity.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Term and vote, fail-stop. */
class VoteStorageTest {
  private static final PeerId PEER = PeerId.parsePeer("127.0.0.1:5060");

  @TempDir Path directory;
  private final Quorum.Faults faults = new Quorum.Faults();

  private VoteStorage open() {
    VoteStorage storage = new VoteStorage(directory, faults::add);
    assertThat(storage.init(null)).isTrue();
    return storage;
  }

  @Test
  @DisplayName("term and vote come back")
  void shouldKeepTheVote() throws IOException {
    VoteStorage.create(directory);
    assertThat(open().getVotedFor().isEmpty()).isTrue();
    open().setTermAndVotedFor(7, PEER);
    assertThat(open().getTerm()).isEqualTo(7);
    assertThat(open().getVotedFor()).isEqualTo(PEER);
    open().setTerm(8);
    assertThat(VoteStorage.storedTerm(directory)).isEqualTo(8);
  }

  @Test
  @DisplayName("a vote that cannot be stored is a fault, and is not told to JRaft as stored")
  void shouldStopWhenAVoteIsNotStored() throws IOException {
    VoteStorage.create(directory);
    VoteStorage storage = open();
    // The next write fails, whoever runs this test: its file is a directory.
    Files.createDirectory(directory.resolve("vote.next"));

    assertThatThrownBy(() -> storage.setTermAndVotedFor(1, PEER))
        .isInstanceOf(IllegalStateException.class);
    assertThat(faults.told).singleElement().asString().contains("vote of term 1 could not be");
  }

  @Test
  @DisplayName("a missing or damaged file is a fault, never term 0")
  void shouldNotTakeNothingForTermZero() throws IOException {
    assertThat(new VoteStorage(directory, faults::add).init(null)).isFalse();
    Files.writeString(directory.resolve("vote"), "7 - 0\n");
    assertThat(new VoteStorage(directory, faults::add).init(null)).isFalse();
    assertThat(faults.told).hasSize(2);
  }
}
