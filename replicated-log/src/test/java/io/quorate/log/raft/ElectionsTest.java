package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.core.NodeImpl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Standing for election when the leader's process is gone. */
class ElectionsTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String GONE = "127.0.0.1:1";

  @TempDir Path directory;

  @Test
  @DisplayName("a member stands though a candidate that lost before it has raised the term")
  void shouldStandInRaisedTerm() throws IOException {
    // One of three never gets beyond a pre-vote by itself, so only standing raises its term.
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(1));
        Pools pools = new Pools("test")) {
      String address = quorum.addresses.get(0);
      quorum.start(address);
      Path vote = quorum.options(address).directory().resolve("meta").resolve(VoteStorage.FILE);
      assertThat(term(vote)).isZero();

      // The term in which it last heard the leader is behind the one it is in.
      assertThat(stands(pools, node(address), -1, GONE)).isTrue();

      await("its own vote in a new term").atMost(LONG).until(() -> term(vote) > 0);
    }
  }

  @Test
  @DisplayName("a member does not stand against the leader that was elected meanwhile")
  void shouldNotStandAgainstNewLeader() throws IOException {
    try (Quorum quorum = new Quorum(directory, 3, Duration.ofSeconds(1));
        Pools pools = new Pools("test")) {
      quorum.startAll();
      String leader = quorum.leader().log.status().member();
      String follower =
          quorum.addresses.stream()
              .filter(address -> !address.equals(leader))
              .findFirst()
              .orElseThrow();
      await("the follower knows the leader")
          .atMost(LONG)
          .until(() -> leader.equals(quorum.members.get(follower).log.status().leader()));
      long term = quorum.members.get(follower).log.status().term();

      assertThat(stands(pools, node(follower), term, GONE)).isFalse();
      // The leader was gone in an earlier term, and is back.
      assertThat(stands(pools, node(follower), term - 1, leader)).isFalse();
    }
  }

  private static boolean stands(Pools pools, NodeImpl node, long term, String gone) {
    return Elections.standAfter(pools, node, term, gone, 0).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private static NodeImpl node(String address) {
    return (NodeImpl) NodeManager.getInstance().get("quorate", NodeSettings.peer(address));
  }

  private static long term(Path vote) {
    try {
      return Files.exists(vote) ? Long.parseLong(Files.readString(vote).split(" ", -1)[0]) : 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
