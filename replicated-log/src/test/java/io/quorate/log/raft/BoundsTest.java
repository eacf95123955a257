package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.util.ThreadPoolsFactory;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OutcomeUnknownException;
import io.quorate.log.OverloadedException;
import io.quorate.log.Position;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be underway, on which threads, and how a caller is told. */
class BoundsTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  @DisplayName("one entry too many in flight is refused, certainly not appended, and later welcome")
  void shouldBoundEntriesInFlight() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      Quorum.Member member =
          quorum.start(quorum.addresses.get(0), options -> options.bounded(3, 1 << 20, 1000));
      quorum.leader();
      CountDownLatch gate = new CountDownLatch(1);
      member.gate = gate;
      List<CompletableFuture<Position>> underway = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        underway.add(member.log.append(member.term, bytes("word" + i)));
      }

      assertThatThrownBy(() -> member.log.append(member.term, bytes("too many")).join())
          .hasCauseInstanceOf(OverloadedException.class);

      gate.countDown();
      underway.forEach(CompletableFuture::join);
      member.append("welcome");
      assertThat(member.applied).containsExactly("word0", "word1", "word2", "welcome");
    }
  }

  @Test
  @DisplayName("the bytes in flight are bounded; one large entry goes alone")
  void shouldBoundBytesInFlight() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      Quorum.Member member =
          quorum.start(quorum.addresses.get(0), options -> options.bounded(100, 1000, 1000));
      quorum.leader();
      member.append("x".repeat(5000));
      CountDownLatch gate = new CountDownLatch(1);
      member.gate = gate;
      CompletableFuture<Position> first = member.log.append(member.term, new byte[800]);

      assertThatThrownBy(() -> member.log.append(member.term, new byte[800]).join())
          .hasCauseInstanceOf(OverloadedException.class)
          .hasMessageContaining("1000 bytes");

      gate.countDown();
      first.join();
      assertThat(member.applied).hasSize(2);
    }
  }

  @Test
  @DisplayName(
      "a caller that blocks in a future's answer holds up neither applying nor replication")
  void shouldNotRunCallersOnItsThreads() throws Exception {
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      CountDownLatch release = new CountDownLatch(1);
      CountDownLatch blocked = new CountDownLatch(1);
      List<CompletableFuture<Position>> appended = new ArrayList<>();
      var unused =
          leader
              .log
              .append(leader.term, bytes("blocks"))
              .thenRun(
                  () -> {
                    blocked.countDown();
                    await("the test's end").atMost(LONG).until(() -> release.getCount() == 0);
                  });
      try {
        assertThat(blocked.await(30, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 50; i++) {
          appended.add(leader.log.append(leader.term, bytes("word" + i)));
        }
        await("all members to apply all words")
            .atMost(LONG)
            .until(
                () ->
                    quorum.members.values().stream()
                        .allMatch(member -> member.applied.size() == 51));
      } finally {
        release.countDown();
      }
      appended.forEach(CompletableFuture::join);
    }
  }

  @Test
  @DisplayName(
      "a follower that cannot keep up for thousands of entries catches up; it does not fail")
  void shouldBearASlowFollower() throws IOException {
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(2))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      Quorum.Member slow =
          quorum.members.values().stream()
              .filter(member -> member != leader)
              .findFirst()
              .orElseThrow();
      CountDownLatch gate = new CountDownLatch(1);
      slow.gate = gate;
      int words = 5000;
      List<CompletableFuture<Position>> underway = new ArrayList<>();
      for (int i = 0; i < words; i++) {
        underway.add(leader.log.append(leader.term, bytes("word" + i)));
        if (underway.size() == 50) {
          underway.forEach(CompletableFuture::join);
          underway.clear();
        }
      }
      gate.countDown();
      await("the slow one").atMost(LONG).until(() -> slow.words.size() == words);
      assertThat(slow.faults.told).isEmpty();
    }
  }

  @Test
  @DisplayName("JRaft's own tasks run in our bounded pool")
  void shouldUseOurPool() throws Exception {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      CompletableFuture<String> thread = new CompletableFuture<>();
      var unused =
          ThreadPoolsFactory.runInThread(
              RaftLog.GROUP, () -> thread.complete(Thread.currentThread().getName()));
      assertThat(thread.get(30, TimeUnit.SECONDS)).startsWith("raft-tasks");
      assertThat(NodeSettings.TASKS.getQueue().remainingCapacity()).isLessThanOrEqualTo(10_000);
    }
  }

  @Test
  @DisplayName("what was certainly not appended and what nobody can tell are told apart")
  void shouldTellOutcomesApart() {
    assertThat(Appends.failure(new Status(RaftError.EBUSY, "queue")))
        .isInstanceOf(OverloadedException.class);
    assertThat(Appends.failure(new Status(RaftError.EPERM, "Is not leader.")))
        .isInstanceOf(NotLeaderException.class);
    assertThat(
            Appends.failure(
                new Status(RaftError.EPERM, "expected_term=3 doesn't match current_term=4")))
        .isInstanceOf(NotLeaderException.class);
    assertThat(Appends.failure(new Status(RaftError.EPERM, "Leader stepped down")))
        .isInstanceOf(OutcomeUnknownException.class);
    assertThat(Appends.failure(new Status(RaftError.EINTERNAL, "anything")))
        .isInstanceOf(OutcomeUnknownException.class);
  }

  @Test
  @DisplayName("an entry that has no majority when its member stops is of unknown outcome")
  void shouldSayUnknownWhenStopped() throws IOException {
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(5))) {
      quorum.startAll();
      Quorum.Member leader = quorum.leader();
      leader.append("one");
      List<String> others =
          quorum.addresses.stream()
              .filter(address -> !address.equals(leader.log.status().member()))
              .toList();
      others.forEach(address -> quorum.members.remove(address).log.vanish());
      NodeImpl node =
          (NodeImpl)
              NodeManager.getInstance()
                  .get(RaftLog.GROUP, NodeSettings.peer(leader.log.status().member()));
      long before = node.getLastLogIndex();
      CompletableFuture<Position> underway = leader.log.append(leader.term, bytes("alone"));
      await("the entry to be in the leader's log")
          .atMost(LONG)
          .until(() -> node.getLastLogIndex() > before);
      quorum.stop(leader.log.status().member());
      assertThatThrownBy(() -> underway.get(30, TimeUnit.SECONDS))
          .hasCauseInstanceOf(OutcomeUnknownException.class);
    }
  }
}
