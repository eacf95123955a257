package io.quorate.log.raft;

import static org.awaitility.Awaitility.await;

import io.quorate.log.Position;
import io.quorate.log.RoleListener;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.log.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;

/** Members of a real quorum in one process, each with a table of what was appended. */
final class Quorum implements AutoCloseable {
  static final byte[] SECRET = "a secret for the tests".getBytes(StandardCharsets.UTF_8);

  final Path directory;
  final List<String> addresses;
  final Map<String, Member> members = new TreeMap<>();
  private final Duration electionTimeout;

  Quorum(Path directory, int size, Duration electionTimeout) {
    this.directory = directory;
    this.electionTimeout = electionTimeout;
    this.addresses = freeAddresses(size);
  }

  static List<String> freeAddresses(int count) {
    List<ServerSocket> sockets = new ArrayList<>();
    List<String> addresses = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        sockets.add(socket);
        addresses.add("127.0.0.1:" + socket.getLocalPort());
      }
      for (ServerSocket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return addresses;
  }

  LogOptions options(String address) {
    return LogOptions.of(
        directory.resolve(address.replace(':', '_')), address, addresses, SECRET, List.of("words"));
  }

  Member start(String address) throws IOException {
    return start(address, options -> options);
  }

  Member start(String address, UnaryOperator<LogOptions> settings) throws IOException {
    Member member = new Member();
    LogOptions options = options(address).with(electionTimeout, 10, member.faults::add);
    member.log = RaftLog.open(settings.apply(options), member, member);
    members.put(address, member);
    return member;
  }

  void startAll() throws IOException {
    for (String address : addresses) {
      start(address);
    }
  }

  void stop(String address) {
    members.remove(address).log.close();
  }

  Member leader() {
    await("a leader")
        .atMost(Duration.ofSeconds(30))
        .until(() -> members.values().stream().anyMatch(member -> member.term != 0));
    return members.values().stream().filter(member -> member.term != 0).findFirst().orElseThrow();
  }

  @Override
  public void close() {
    members.values().forEach(member -> member.log.close());
  }

  /** One member. What it throws for is a word that begins with "fault". */
  static final class Member implements StateMachine, RoleListener {
    final Map<String, String> words = new ConcurrentSkipListMap<>();
    final List<String> applied = new CopyOnWriteArrayList<>();
    final Faults faults = new Faults();
    volatile long term;
    volatile String twist = "";

    /** Holds up applying while it is set. */
    volatile CountDownLatch gate = new CountDownLatch(0);

    RaftLog log;

    Position append(String word) {
      return log.append(term, word.getBytes(StandardCharsets.UTF_8)).join();
    }

    @Override
    public void restore(RowReader rows, long appliedIndex) {
      words.clear();
      rows.forEach(
          "words",
          (key, value) ->
              words.put(
                  new String(key, StandardCharsets.UTF_8),
                  new String(value, StandardCharsets.UTF_8)));
    }

    @Override
    public void apply(Position position, byte[] payload, RowWriter rows) {
      awaitGate();
      String word = new String(payload, StandardCharsets.UTF_8);
      if (word.equals("fault as an error")) {
        throw new AssertionError("told to fail");
      }
      if (word.startsWith("fault")) {
        throw new IllegalStateException("told to fail");
      }
      String value = position.index() + twist;
      words.put(word, value);
      applied.add(word);
      rows.put("words", payload, value.getBytes(StandardCharsets.UTF_8));
    }

    private void awaitGate() {
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void onLeading(long newTerm) {
      term = newTerm;
    }

    @Override
    public void onFollowing(String leader) {
      term = 0;
    }
  }

  /** What would have ended a process. */
  static final class Faults {
    final List<String> told = new CopyOnWriteArrayList<>();

    void add(String what, Throwable cause) {
      told.add(what + ": " + cause);
    }
  }
}
