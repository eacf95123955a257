package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alipay.sofa.jraft.entity.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may start in a directory, and who must not. */
class NodeIdentityTest {
  private static final String A = "127.0.0.1:5060";
  private static final String B = "127.0.0.1:5061";

  @TempDir Path temporary;
  private Path directory;

  @BeforeEach
  void inANewDirectory() {
    directory = temporary.resolve("member");
  }

  private void claim(String member) throws IOException {
    NodeIdentity.claim(directory, member, List.of(A, B)).close();
  }

  private void vote(long term) {
    VoteStorage votes = new VoteStorage(directory.resolve("meta"), FaultHandler.haltProcess());
    votes.init(null);
    votes.setTermAndVotedFor(term, PeerId.parsePeer(A));
  }

  private void log() throws IOException {
    Files.createDirectories(directory.resolve("log"));
    Files.writeString(directory.resolve("log").resolve("CURRENT"), "MANIFEST-000001\n");
  }

  @Test
  @DisplayName("a directory says whose it is, with an id and the first members")
  void shouldMint() throws IOException {
    claim(A);
    assertThat(Files.readString(directory.resolve("member")))
        .contains("address=127.0.0.1\\:5060")
        .containsPattern("id=[0-9a-f-]{36}")
        .contains("first_members=" + A + "," + B);
  }

  @Test
  @DisplayName("another member's directory is refused")
  void shouldRefuseAnother() throws IOException {
    claim(A);
    assertThatThrownBy(() -> claim(B))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to the member " + A);
  }

  @Test
  @DisplayName("a directory in use is refused, and free again afterwards")
  void shouldRefuseASecond() throws IOException {
    try (NodeIdentity first = NodeIdentity.claim(directory, A, List.of(A))) {
      assertThat(first).isNotNull();
      assertThatThrownBy(() -> claim(A)).hasMessageContaining("in use by another process");
    }
    claim(A);
    assertThat(directory.resolve("member")).exists();
  }

  @Test
  @DisplayName("a member that crashed before it ever voted starts again, with and without a log")
  void shouldStartAgainBeforeTheFirstVote() throws IOException {
    claim(A);
    claim(A);
    log();
    claim(A);
    assertThat(VoteStorage.storedTerm(directory.resolve("meta"))).isZero();
  }

  @Test
  @DisplayName(
      "a crash between the vote's file and the name leaves a directory that can be claimed")
  void shouldClaimWhatACrashLeft() throws IOException {
    Files.createDirectories(directory);
    VoteStorage.create(directory.resolve("meta"));
    claim(A);
    assertThat(directory.resolve("member")).exists();
  }

  @Test
  @DisplayName("a member that lost its vote, or after its first term its log, is refused")
  void shouldRefuseTheWiped() throws IOException {
    claim(A);
    log();
    vote(3);
    claim(A);

    Files.delete(directory.resolve("log").resolve("CURRENT"));
    assertThatThrownBy(() -> claim(A))
        .hasMessageContaining("has lost its log")
        .hasMessageContaining("add it as a new member");
    log();
    Files.delete(directory.resolve("meta").resolve("vote"));
    assertThatThrownBy(() -> claim(A))
        .hasMessageContaining("has lost its vote")
        .hasMessageContaining("add it as a new member");
  }

  @Test
  @DisplayName("a log or a vote without a name is refused")
  void shouldRefuseTheNameless() throws IOException {
    claim(A);
    vote(3);
    Files.delete(directory.resolve("member"));
    assertThatThrownBy(() -> claim(A)).hasMessageContaining("not the name of its member");
  }

  @Test
  @DisplayName("a damaged vote is refused")
  void shouldRefuseADamagedVote() throws IOException {
    claim(A);
    vote(3);
    Path file = directory.resolve("meta").resolve("vote");
    Files.writeString(file, Files.readString(file).replace("3 ", "4 "));
    assertThatThrownBy(() -> claim(A)).hasMessageContaining("damaged");
  }
}
