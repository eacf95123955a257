package io.quorate.log.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * What a member finds out about another that has gone, or has not. The leader is known by a name
 * that is its own address for itself and for the other follower, and a relay's address for the
 * watching one: so only the watching one's link can be cut.
 */
class PeerWatchTest {
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final String LEADER = "leader.test";
  private static final String RELAY = "127.0.0.2";

  private Ports ports;
  private int leaderPort;
  private String leader;
  private String other;
  private RaftServer leaderServer;
  private Relay relay;
  private PeerWatch watch;
  private final List<String> told = new CopyOnWriteArrayList<>();

  @BeforeEach
  void open() throws IOException {
    ports = new Ports();
    leaderPort = Wire.freePort();
    leader = LEADER + ":" + leaderPort;
    leaderServer = ports.serve(near(), LEADER, leaderPort);
    relay = new Relay(RELAY, Wire.LOOPBACK, leaderPort);
    int otherPort = Wire.freePort();
    other = Wire.LOOPBACK + ":" + otherPort;
    ports.serve(near(), Wire.LOOPBACK, otherPort);
    watch =
        new PeerWatch(
            TransportOptions.of(ports.keep(Wire.vertxWhere(LEADER, RELAY)), Wire.SECRET),
            told::add);
    watch.watch(List.of(leader, other));
    await("connections to both")
        .atMost(LONG)
        .until(() -> watch.connected(leader) && watch.connected(other));
  }

  @AfterEach
  void close() {
    watch.stop();
    relay.close();
    ports.close();
  }

  @Test
  @DisplayName("a member whose process is gone for all is gone")
  void shouldFindGone() {
    leaderServer.shutdown();
    relay.cut();

    await("told").atMost(LONG).until(() -> told.contains(leader));
    assertThat(confirmed()).isTrue();
  }

  @Test
  @DisplayName("a cut link of one follower does not make a living leader gone")
  void shouldNotConfirmCutLink() {
    relay.cut();

    await("told").atMost(LONG).until(() -> told.contains(leader));
    assertThat(confirmed()).isFalse();
  }

  @Test
  @DisplayName("a connection that broke and can be made again says nothing")
  void shouldNotTellOfReconnect() {
    int before = relay.accepted();
    relay.reset();

    await("a new connection")
        .atMost(LONG)
        .until(() -> relay.accepted() > before && watch.connected(leader));
    assertThat(told).isEmpty();
  }

  @Test
  @DisplayName("a dying process that still takes one connection is found gone all the same")
  void shouldFindGoneAfterLastAccept() {
    relay.cutAfterOneMore();

    await("told").atMost(LONG).until(() -> told.contains(leader));
    assertThat(relay.lastOneTaken()).isTrue();
  }

  @Test
  @DisplayName("a member that is watched no longer is let go")
  void shouldLetGo() {
    watch.watch(List.of(other));

    await("the connection is closed").atMost(LONG).until(() -> relay.open() == 0);
    assertThat(watch.connected(other)).isTrue();
    assertThat(told).isEmpty();
  }

  private boolean confirmed() {
    return watch.confirmedGone(leader).orTimeout(30, TimeUnit.SECONDS).join();
  }

  private TransportOptions near() {
    return TransportOptions.of(ports.keep(Wire.vertxWhere(LEADER, Wire.LOOPBACK)), Wire.SECRET);
  }
}
