package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quorate.log.journal.JournalReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots: the log before them goes, and a blank member is sent them. */
class SnapshotTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private static void append(Quorum.Member member, String prefix, int count) {
    for (int i = 0; i < count; i++) {
      member.append(prefix + i);
    }
  }

  @Test
  @DisplayName("the log before the last snapshot but one goes; the journal still has it")
  void shouldTruncateTheLog() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member member = quorum.leader();
      append(member, "first", 50);
      member.log.snapshot().join();
      long one = member.log.status().snapshotIndex();
      append(member, "second", 50);
      member.log.snapshot().join();

      await("the entries before the first snapshot to go")
          .atMost(LONG)
          .until(() -> member.log.firstIndex() >= one);
      JournalReader journal = member.log.journal().orElseThrow();
      List<Long> indexes = new ArrayList<>();
      journal.forEach(0, item -> indexes.add(item.position().index()));
      assertThat(indexes).hasSize(100);
      assertThat(indexes.get(0)).isLessThan(one);
      assertThat(journal.holes()).isEmpty();
    }
  }

  @Test
  @DisplayName("a snapshot is taken after so many entries, without waiting for its time")
  void shouldTakeSnapshotsByEntries() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      Quorum.Member member =
          quorum.start(quorum.addresses.get(0), options -> options.bounded(256, 1 << 20, 20));
      quorum.leader();
      append(member, "word", 45);
      await("a snapshot").atMost(LONG).until(() -> member.log.status().snapshotIndex() > 0);
      assertThat(member.faults.told).isEmpty();
    }
  }

  @Test
  @DisplayName("a blank member that is added gets the snapshot, then the entries behind it")
  void shouldInstallOnABlankMember() throws Exception {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      append(leader, "first", 50);
      leader.log.snapshot().join();
      append(leader, "second", 10);
      leader.log.snapshot().join();
      append(leader, "third", 10);
      await("the first entries to go").atMost(LONG).until(() -> leader.log.firstIndex() > 1);

      String added = Quorum.freeAddresses(1).get(0);
      Quorum.Member blank = quorum.start(added, LogOptions::joining);
      leader.log.changeMembers(List.of(quorum.addresses.get(0), added)).get(60, TimeUnit.SECONDS);

      await("all its words").atMost(LONG).until(() -> blank.words.equals(leader.words));
      assertThat(blank.applied)
          .as("the words of the snapshot were not applied one by one")
          .doesNotContain("first0");
      await("the same hashes")
          .atMost(LONG)
          .until(
              () ->
                  blank.log.status().chainHash().equals(leader.log.status().chainHash())
                      && blank
                          .log
                          .status()
                          .stateDigest()
                          .equals(leader.log.status().stateDigest()));
      assertThat(blank.log.status().members()).contains(added);
      JournalReader journal = blank.log.journal().orElseThrow();
      assertThat(journal.firstIndex()).isGreaterThan(50);
      assertThat(blank.faults.told).isEmpty();

      // And it counts: with two members nothing commits without it.
      assertThat(leader.append("together").index()).isPositive();
    }
  }

  @Test
  @DisplayName("a journal that was lost is rebuilt from what the Raft log still has")
  void shouldRebuildTheJournal() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      String address = quorum.addresses.get(0);
      append(quorum.leader(), "word", 30);
      quorum.leader().log.snapshot().join();
      append(quorum.leader(), "more", 5);
      quorum.stop(address);
      RowStore.delete(quorum.options(address).directory().resolve("journal"));

      Quorum.Member again = quorum.start(address);
      await("its words").atMost(LONG).until(() -> again.words.size() == 35);
      List<Long> indexes = new ArrayList<>();
      again.log.journal().orElseThrow().forEach(0, item -> indexes.add(item.position().index()));
      assertThat(indexes).hasSize(35).isSorted();
    }
  }

  @Test
  @DisplayName("a barrier on a follower covers what was acknowledged before it")
  void shouldReadOnAFollower() throws Exception {
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      Quorum.Member follower =
          quorum.members.values().stream()
              .filter(member -> member != leader)
              .findFirst()
              .orElseThrow();
      await("the follower knows the leader")
          .atMost(LONG)
          .until(() -> follower.log.status().leader() != null);
      for (int i = 0; i < 20; i++) {
        long index = leader.append("word" + i).index();
        assertThat(follower.log.readBarrier().get(30, TimeUnit.SECONDS))
            .isGreaterThanOrEqualTo(index);
        assertThat(follower.words).containsKey("word" + i);
      }
    }
  }
}
