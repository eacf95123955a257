package io.quorate.chaos.bench;

import io.quorate.cluster.LocalCluster;
import io.quorate.driver.Outcome;
import io.quorate.driver.SchedulerClient;
import io.quorate.driver.SchedulerListener;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.scheduler.Call;
import io.quorate.protocol.v1.scheduler.Event;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Three masters on loopback, written to by a framework's SUPPRESS: a call that changes the state,
 * is logged, and is answered when a quorum has it. After a kill the framework has to subscribe
 * again first, which is a write as well and part of what is measured.
 */
final class QuorateSubject implements Subject, SchedulerListener {
  private static final Duration LONG = Duration.ofSeconds(60);

  private final LocalCluster cluster;
  private final SchedulerClient client;
  private int killed = -1;

  QuorateSubject(Path directory) throws IOException {
    cluster = LocalCluster.start(new LocalCluster.Plan(directory, 3, 0, 0, "", false));
    LocalCluster.await(LONG, () -> cluster.leader().isPresent());
    FrameworkInfo info =
        FrameworkInfo.newBuilder()
            .setUser("nobody")
            .setName("bench")
            .setFailoverTimeout(3600)
            .build();
    client = new SchedulerClient(cluster.masters(), info, this);
    client.start();
    LocalCluster.await(LONG, () -> client.leader().isPresent());
  }

  @Override
  public void event(Event event) {}

  @Override
  public String name() {
    return "quorate";
  }

  @Override
  public CompletableFuture<Boolean> write() {
    return client
        .send(Call.newBuilder().setType(Call.Type.SUPPRESS))
        .thenApply(outcome -> outcome instanceof Outcome.Done);
  }

  @Override
  public void killLeader() {
    LocalCluster.await(LONG, () -> cluster.leader().isPresent());
    killed = cluster.leader().orElseThrow();
    cluster.killMaster(killed);
  }

  @Override
  public void heal() throws IOException {
    cluster.restartMaster(killed);
    String address = cluster.masters().get(killed);
    LocalCluster.await(
        LONG,
        () ->
            cluster
                .reader()
                .status(address)
                .map(status -> status.appliedIndex() > 0 && status.term() > 0)
                .orElse(false));
  }

  @Override
  public void close() {
    client.close();
    cluster.close();
  }
}
