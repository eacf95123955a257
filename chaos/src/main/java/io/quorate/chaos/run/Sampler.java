package io.quorate.chaos.run;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.chaos.history.Sample;
import io.quorate.cluster.ReplicaStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Asks each master four times a second how it is, and sees which daemons ended by themselves. */
final class Sampler implements AutoCloseable {
  private static final int THREADS = 4;
  private static final long EVERY_MILLIS = 250;

  /** A daemon that ended though nobody had asked it to. */
  record Ended(String node, long time, int status) {}

  private final ChaosCluster cluster;
  private final long origin;
  private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
  private final List<Sample> samples = new CopyOnWriteArrayList<>();
  private final Map<String, Ended> ended = new ConcurrentHashMap<>();
  private final Map<String, Boolean> watched = new ConcurrentHashMap<>();

  Sampler(ChaosCluster cluster, long origin) {
    this.cluster = cluster;
    this.origin = origin;
    var unused = threads.scheduleWithFixedDelay(this::look, 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Masters may be added while it runs. */
  private void look() {
    for (ClusterNode node : cluster.masters()) {
      if (watched.putIfAbsent(node.name(), true) == null) {
        var unused =
            threads.scheduleWithFixedDelay(
                () -> sample(node), 0, EVERY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }
    for (ClusterNode node : cluster.nodes()) {
      node.endedByItself()
          .ifPresent(
              status ->
                  ended.putIfAbsent(
                      node.name(), new Ended(node.name(), System.nanoTime() - origin, status)));
    }
  }

  private void sample(ClusterNode node) {
    boolean running = node.alive();
    Optional<ReplicaStatus> status =
        running ? cluster.reader().status(node.address()) : Optional.empty();
    long now = System.nanoTime() - origin;
    samples.add(
        status
            .map(
                it ->
                    new Sample(
                        now,
                        node.name(),
                        running,
                        true,
                        it.term(),
                        it.leading(),
                        it.committedIndex(),
                        it.appliedIndex(),
                        it.chainHash(),
                        it.stateDigest()))
            .orElseGet(() -> new Sample(now, node.name(), running, false, 0, false, 0, 0, "", "")));
  }

  List<Sample> samples() {
    List<Sample> all = new ArrayList<>(samples);
    all.sort(java.util.Comparator.comparingLong(Sample::time));
    return all;
  }

  List<Ended> ended() {
    return List.copyOf(ended.values());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
