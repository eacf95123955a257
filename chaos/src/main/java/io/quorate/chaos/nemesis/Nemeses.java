package io.quorate.chaos.nemesis;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All nemeses by name. */
public final class Nemeses {
  private static final Map<String, Supplier<Nemesis>> ALL = new TreeMap<>();

  static {
    partition("partition-leader", Partition::leaderFromMasters);
    partition("isolate-leader", Partition::leaderFromAll);
    partition("partition-halves", Partition::halves);
    partition("partition-ring", Partition::ring);
    partition("bridge", Partition::bridge);
    partition("one-way", Partition::oneWay);
    partition("partition-agent", Partition::agentFromMasters);
    partition("partition-client", Partition::clientFromLeader);
    partition("loss", Partition::loss);

    ALL.put("delay", () -> new Wire("delay"));
    ALL.put("reorder", () -> new Wire("reorder"));
    ALL.put("duplicate", () -> new Wire("duplicate"));

    daemons("kill", Daemons::kill);
    daemons("kill-majority", Daemons::killMajority);
    daemons("kill-all", Daemons::killAll);
    daemons("kill-agent", Daemons::killAgent);
    daemons("stop", Daemons::stop);
    daemons("pause", Daemons::pause);
    daemons("pause-agent", Daemons::pauseAgent);
    daemons("restart-storm", Daemons::restartStorm);
    daemons("rolling-restart", Daemons::rollingRestart);

    disk("slow-fsync", Disk::slowSync);
    disk("fsync-error", Disk::syncError);
    disk("lost-writes", Disk::lostWrites);
    disk("torn-writes", Disk::tornWrites);
    ALL.put("disk-full", DiskFull::new);
    members("disk-loss", Members::diskLoss);
    members("member-replace", Members::replace);
    members("member-add-remove", Members::addRemove);
    members("transfer", Members::transfer);
    members("snapshot-under-load", Members::snapshot);
    bitFlip("bit-flip-log", "log", ".*\\.(log|sst)|MANIFEST.*|CURRENT");
    bitFlip("bit-flip-snapshot", "snapshot", ".*");
    bitFlip("bit-flip-journal", "journal", ".*\\.cq4");
    bitFlip("bit-flip-vote", "meta", "vote");

    agents("old-checkpoint", Agents::oldCheckpoint);
    agents("clone-agent", Agents::clone);
    ALL.put("come-and-go", ComeAndGo::new);

    for (String word : List.of("hoarder", "two-schedulers", "hanging-executor", "herd")) {
      ALL.put(word, () -> new NoiseClients(word));
    }

    ALL.put("clock-skew", () -> new Clock("clock-skew", false));
    ALL.put("clock-jump", () -> new Clock("clock-jump", true));
  }

  private Nemeses() {}

  private static void partition(String name, Partition.Shape shape) {
    ALL.put(name, () -> new Partition(name, shape));
  }

  private static void daemons(String name, Daemons.Deed deed) {
    ALL.put(name, () -> new Daemons(name, deed));
  }

  private static void disk(String name, Disk.Deed deed) {
    ALL.put(name, () -> new Disk(name, deed));
  }

  private static void bitFlip(String name, String folder, String pattern) {
    ALL.put(name, () -> new BitFlip(name, folder, pattern));
  }

  private static void members(String name, Members.Deed deed) {
    ALL.put(name, () -> new Members(name, deed));
  }

  private static void agents(String name, Members.Deed deed) {
    ALL.put(name, () -> new Members(name, deed));
  }

  /** Every name, sorted. */
  public static List<String> names() {
    return List.copyOf(ALL.keySet());
  }

  /**
   * @throws IllegalArgumentException if there is none of that name; says which there are
   */
  public static Nemesis named(String name) {
    Supplier<Nemesis> nemesis = ALL.get(name);
    if (nemesis == null) {
      throw new IllegalArgumentException(
          "there is no nemesis '" + name + "'; there are " + String.join(", ", names()));
    }
    return nemesis.get();
  }
}
