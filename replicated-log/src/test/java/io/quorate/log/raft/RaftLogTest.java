package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quorate.log.NotLeaderException;
import io.quorate.log.OverloadedException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real quorum of three in one process. */
class RaftLogTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path directory;

  @Test
  @DisplayName("what was acknowledged is applied on every member, in order, with equal hashes")
  void shouldReplicate() throws IOException {
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      for (int i = 0; i < 25; i++) {
        leader.append("word" + i);
      }
      long index = leader.log.status().appliedIndex();
      await("all have applied it")
          .atMost(LONG)
          .until(
              () ->
                  quorum.members.values().stream()
                      .allMatch(member -> member.log.status().appliedIndex() >= index));
      for (Quorum.Member member : quorum.members.values()) {
        assertThat(member.words).isEqualTo(leader.words);
        assertThat(member.applied).containsExactlyElementsOf(leader.applied);
        assertThat(member.faults.told).isEmpty();
      }
      await("equal hashes")
          .atMost(LONG)
          .until(
              () ->
                  quorum.members.values().stream()
                          .map(
                              member ->
                                  member.log.status().chainHash()
                                      + member.log.status().stateDigest())
                          .distinct()
                          .count()
                      == 1);
    }
  }

  @Test
  @DisplayName("an entry of another term is refused, and so is one too many bytes")
  void shouldRefuse() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      assertThatThrownBy(() -> leader.log.append(leader.term + 5, new byte[] {1}).join())
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(NotLeaderException.class);
      assertThatThrownBy(() -> leader.log.append(leader.term, new byte[33 << 20]).join())
          .hasCauseInstanceOf(OverloadedException.class);
      assertThat(leader.words).isEmpty();
    }
  }

  @Test
  @DisplayName("a member that starts again has what it had: from its log, and from its snapshot")
  void shouldRestart() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      String address = quorum.addresses.get(0);
      quorum.leader().append("before the snapshot");
      quorum.leader().log.snapshot().join();
      quorum.leader().append("after it");
      String hash = quorum.leader().log.status().stateDigest();
      quorum.stop(address);

      Quorum.Member again = quorum.start(address);
      await("its words").atMost(LONG).until(() -> again.words.size() == 2);
      assertThat(again.applied).containsExactly("after it");
      assertThat(again.log.status().stateDigest()).isEqualTo(hash);
    }
  }

  @Test
  @DisplayName("a leader whose process is gone is replaced long before the election time-out")
  void shouldReplaceAtOnce() throws IOException {
    // Whoever leads before the time-out is over did not wait for it.
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(8))) {
      quorum.startAll();
      Quorum.Member old = quorum.leader();
      old.append("one");
      String address = old.log.status().member();
      await("followers know the leader")
          .atMost(LONG)
          .until(
              () ->
                  quorum.members.values().stream()
                      .allMatch(member -> address.equals(member.log.status().leader())));
      quorum.members.remove(address);
      long vanished = System.nanoTime();
      old.log.vanish();
      Quorum.Member next = quorum.leader();
      next.append("two");
      assertThat(next.words).containsKeys("one", "two");
      assertThat(Duration.ofNanos(System.nanoTime() - vanished)).isLessThan(Duration.ofSeconds(5));
    }
  }

  @Test
  @DisplayName("an entry that cannot be applied stops the member, and no snapshot buries it")
  void shouldStopOnFault() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      var unused = leader.log.append(leader.term, "fault".getBytes(StandardCharsets.UTF_8));
      await("the fault").atMost(LONG).until(() -> !leader.faults.told.isEmpty());
      assertThat(leader.faults.told.get(0)).contains("told to fail");
      assertThatThrownBy(() -> leader.log.snapshot().join())
          .isInstanceOf(CompletionException.class);
    }
  }

  @Test
  @DisplayName("a replica whose rows differ stops and says at which index")
  void shouldStopOnDifference() throws IOException {
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      Quorum.Member wrong =
          quorum.members.values().stream()
              .filter(member -> member != leader)
              .findFirst()
              .orElseThrow();
      wrong.twist = " twisted";
      for (int i = 0; i < 25; i++) {
        leader.append("word" + i);
      }
      await("the fault").atMost(LONG).until(() -> !wrong.faults.told.isEmpty());
      assertThat(wrong.faults.told.toString())
          .contains("differs from the leader's at index")
          .contains("state digest");
      assertThat(leader.faults.told).isEmpty();
    }
  }

  @Test
  @DisplayName("a member that lost its vote or its log does not start under its old name")
  void shouldNotStartDamaged() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      String address = quorum.addresses.get(0);
      quorum.leader().append("one");
      quorum.stop(address);
      Files.delete(quorum.options(address).directory().resolve("meta").resolve("vote"));
      assertThatThrownBy(() -> quorum.start(address))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("has lost its vote")
          .hasMessageContaining("add it as a new member");
    }
  }
}
