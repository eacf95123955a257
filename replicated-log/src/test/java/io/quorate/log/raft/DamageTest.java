package io.quorate.log.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.NodeManager;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.alipay.sofa.jraft.entity.EnumOutter.ErrorType;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Comparator;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a disk or a fault does to a member: it stops and says why, and never serves less. */
class DamageTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int WORDS = 200;

  @TempDir Path directory;

  private Path writeWords(Quorum quorum) throws IOException {
    quorum.startAll();
    Quorum.Member leader = quorum.leader();
    for (int i = 0; i < WORDS; i++) {
      leader.append("word" + i);
    }
    String address = quorum.addresses.get(0);
    quorum.stop(address);
    try (Stream<Path> files =
        Files.list(quorum.options(address).directory().resolve("log"))
            .filter(file -> file.toString().endsWith(".log"))) {
      return files.max(Comparator.comparingLong(file -> file.toFile().length())).orElseThrow();
    }
  }

  @Test
  @DisplayName(
      "a flipped byte in the middle of the log is refused, and the operator told what to do")
  void shouldRefuseAHole() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      Path wal = writeWords(quorum);
      byte[] bytes = Files.readAllBytes(wal);
      bytes[bytes.length / 2] ^= 0x10;
      Files.write(wal, bytes);

      String address = quorum.addresses.get(0);
      for (int i = 0; i < 2; i++) {
        // Twice: what opening had begun was ended, so the port and the directory are free again.
        assertThatThrownBy(() -> quorum.start(address))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("does not open")
            .hasMessageContaining("Remove the member " + address)
            .hasMessageContaining("wipe its directory and add it as a new member");
      }
    }
  }

  @Test
  @DisplayName("a torn tail of the log, which nobody was told of, is cut off")
  void shouldOpenATornTail() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      Path wal = writeWords(quorum);
      byte[] bytes = Files.readAllBytes(wal);
      byte[] torn = Arrays.copyOf(bytes, bytes.length + 5);
      System.arraycopy(bytes, bytes.length - 64, torn, bytes.length, 5);
      Files.write(wal, torn);

      Quorum.Member again = quorum.start(quorum.addresses.get(0));
      await("all its words").atMost(LONG).until(() -> again.words.size() == WORDS);
      assertThat(again.faults.told).isEmpty();
    }
  }

  @Test
  @DisplayName("a port that is taken ends opening; the directory is free again")
  void shouldSayThatThePortIsTaken() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      String address = quorum.addresses.get(0);
      int port = NodeSettings.peer(address).getPort();
      try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getByName("127.0.0.1"))) {
        assertThat(taken.isBound()).isTrue();
        assertThatThrownBy(() -> quorum.start(address))
            .isInstanceOf(IOException.class)
            .hasMessageContaining("cannot be bound");
      }
      quorum.start(address);
      assertThat(quorum.leader().append("word").index()).isPositive();
    }
  }

  @Test
  @DisplayName("an error of Raft itself, such as a full disk, is a fault, and no snapshot follows")
  void shouldStopOnRaftError() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member member = quorum.leader();
      member.append("word");
      NodeImpl node =
          (NodeImpl)
              NodeManager.getInstance()
                  .get(RaftLog.GROUP, NodeSettings.peer(member.log.status().member()));

      // What JRaft's log manager does when it cannot write.
      node.onError(
          new RaftException(
              ErrorType.ERROR_TYPE_LOG, new Status(RaftError.EIO, "no space left on device")));

      await("the fault").atMost(LONG).until(() -> !member.faults.told.isEmpty());
      assertThat(member.faults.told.get(0)).contains("no space left on device");
      assertThatThrownBy(() -> member.log.snapshot().join())
          .isInstanceOf(CompletionException.class);
    }
  }

  @Test
  @DisplayName("an Error while applying is a fault like any exception")
  void shouldStopOnErrorsToo() throws IOException {
    try (Quorum quorum = new Quorum(directory, 1, Duration.ofSeconds(1))) {
      quorum.startAll();
      Quorum.Member member = quorum.leader();
      var unused =
          member.log.append(member.term, "fault as an error".getBytes(StandardCharsets.UTF_8));
      await("the fault").atMost(LONG).until(() -> !member.faults.told.isEmpty());
      assertThat(member.faults.told.get(0)).contains("applying entry").contains("told to fail");
    }
  }
}
