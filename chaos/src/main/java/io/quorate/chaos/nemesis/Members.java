package io.quorate.chaos.nemesis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.history.Json;
import io.quorate.cluster.LeaderClient;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Members come, go, hand over the lead, and lose their disks. The first master is never removed: it
 * is the one that everybody's list of masters leads to.
 */
final class Members implements Nemesis {
  private static final Duration CHANGE_MAX = Duration.ofSeconds(60);
  private static final Duration UP_MAX = Duration.ofSeconds(30);
  private static final int TRANSFERS_MAX = 4;
  private static final int TRANSFER_PAUSE_MILLIS_MAX = 2_000;

  /** To whom what is done; says what, and leaves in {@code later} how to heal it. */
  interface Deed {
    String done(ChaosCluster cluster, List<Healing> later, SplittableRandom random)
        throws IOException;
  }

  /** What is left to do. */
  interface Healing {
    void heal(ChaosCluster cluster) throws IOException;
  }

  private final String name;
  private final Deed deed;
  private final List<Healing> later = new ArrayList<>();

  Members(String name, Deed deed) {
    this.name = name;
    this.deed = deed;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String strike(ChaosCluster cluster, SplittableRandom random) throws IOException {
    return deed.done(cluster, later, random);
  }

  @Override
  public void heal(ChaosCluster cluster) throws IOException {
    while (!later.isEmpty()) {
      later.get(0).heal(cluster);
      later.remove(0);
    }
  }

  // -- Deeds ------------------------------------------------------------------------------------

  /** A master is killed and its disk is gone; a new member takes its place when healed. */
  static String diskLoss(ChaosCluster cluster, List<Healing> later, SplittableRandom random)
      throws IOException {
    ClusterNode lost = removable(cluster, random);
    lost.kill();
    later.add(running -> replace(running, lost));
    // The folder itself may be a mount.
    lost.run("find " + lost.work() + " -mindepth 1 -delete");
    return lost + " killed, its disk lost";
  }

  /** A running member, mostly the leader, gives its place to a new one. */
  static String replace(ChaosCluster cluster, List<Healing> later, SplittableRandom random)
      throws IOException {
    ClusterNode old = removable(cluster, random);
    ClusterNode fresh = replace(cluster, old);
    return old + " replaced by " + fresh;
  }

  /** One more member; when healed it goes again, or another goes instead. */
  static String addRemove(ChaosCluster cluster, List<Healing> later, SplittableRandom random)
      throws IOException {
    ClusterNode fresh = cluster.addMaster();
    later.add(
        running -> {
          ClusterNode gone = random.nextBoolean() ? fresh : removable(running, random);
          change(running, List.of(), List.of(gone));
          running.retire(gone);
        });
    start(cluster, fresh);
    change(cluster, List.of(fresh), List.of());
    return fresh + " added";
  }

  /** The leader hands over, a few times. */
  static String transfer(ChaosCluster cluster, List<Healing> later, SplittableRandom random)
      throws IOException {
    List<String> leaders = new ArrayList<>();
    int times = 1 + random.nextInt(TRANSFERS_MAX);
    for (int i = 0; i < times; i++) {
      Optional<ClusterNode> leader = cluster.leader();
      leaders.add(leader.map(ClusterNode::name).orElse("nobody"));
      if (leader.isPresent()) {
        order(cluster, "/quorate/leader", Json.object());
      }
      Daemons.pause(random.nextInt(TRANSFER_PAUSE_MILLIS_MAX));
    }
    return "handed over by " + String.join(", ", leaders);
  }

  /** A follower is away for so long that its part of the log is gone, and it needs a snapshot. */
  static String snapshot(ChaosCluster cluster, List<Healing> later, SplittableRandom random)
      throws IOException {
    ClusterNode away = Choice.follower(cluster, random);
    away.kill();
    later.add(
        running -> {
          // The first snapshot truncates nothing: the log's end trails by one.
          snapshots(running, away);
          snapshots(running, away);
          away.start();
        });
    snapshots(cluster, away);
    return away + " killed; the others forget the log that it lacks";
  }

  // -- How --------------------------------------------------------------------------------------

  private static ClusterNode removable(ChaosCluster cluster, SplittableRandom random) {
    List<ClusterNode> masters = cluster.masters();
    List<ClusterNode> some = Choice.without(masters, masters.get(0));
    ClusterNode any = Choice.any(some, random);
    boolean leader = random.nextBoolean();
    return leader ? cluster.leader().filter(some::contains).orElse(any) : any;
  }

  /** A new member in the place of one that may be dead; that one is retired. */
  static ClusterNode replace(ChaosCluster cluster, ClusterNode old) throws IOException {
    ClusterNode fresh = cluster.addMaster();
    start(cluster, fresh);
    change(cluster, List.of(fresh), List.of(old));
    cluster.retire(old);
    return fresh;
  }

  private static void start(ChaosCluster cluster, ClusterNode fresh) throws IOException {
    fresh.start();
    if (!LocalCluster.await(UP_MAX, () -> Daemons.caughtUp(cluster, fresh, 0))) {
      throw new IOException(fresh + " does not answer: see " + fresh.directory() + "/daemon.log");
    }
  }

  private static void change(ChaosCluster cluster, List<ClusterNode> add, List<ClusterNode> remove)
      throws IOException {
    ObjectNode body = Json.object();
    add.forEach(member -> body.withArray("add").add(member.ip() + ":5060"));
    remove.forEach(member -> body.withArray("remove").add(member.ip() + ":5060"));
    order(cluster, "/quorate/members", body);
  }

  /** Repeated until it is done: who leads may change meanwhile, and other orders be under way. */
  private static void order(ChaosCluster cluster, String path, ObjectNode body) throws IOException {
    AtomicReference<String> why = new AtomicReference<>("nobody leads");
    boolean done =
        LocalCluster.await(
            CHANGE_MAX,
            () -> {
              try {
                List<String> leader = cluster.leader().stream().map(ClusterNode::address).toList();
                new LeaderClient(leader, Optional.empty()).post(path, body);
                return true;
              } catch (IOException e) {
                why.set(e.getMessage());
                return false;
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return false;
              }
            });
    if (!done) {
      throw new IOException(path + " " + body + ": not done: " + why.get());
    }
  }

  private static void snapshots(ChaosCluster cluster, ClusterNode without) throws IOException {
    for (ClusterNode clusterNode : Choice.without(cluster.masters(), without)) {
      snapshot(clusterNode);
    }
  }

  /** Has a master make a snapshot of its state. */
  static void snapshot(ClusterNode master) throws IOException {
    try {
      new LeaderClient(List.of(master.address()), Optional.empty())
          .post("/quorate/snapshot", Json.object());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }
}
