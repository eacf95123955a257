package io.quorate.master.allocator;

import io.quorate.master.event.ProposedOffer;
import java.util.List;

/**
 * What agents, frameworks and refusals cost in memory: in the state, and in an allocator's view.
 */
public final class AllocatorMemory {
  private static final int AGENTS = 10_000;
  private static final int FRAMEWORKS = 1_000;
  private static final int ROUNDS = 20;

  private AllocatorMemory() {}

  /** Prints bytes each; the figures are of a heap after full collections, and near enough. */
  public static void main(String[] args) {
    Cluster cluster = new Cluster("cpus:24;mem:65536;disk:1048576;ports:[31000-32000]");
    long empty = used();
    cluster.agents(AGENTS);
    long agents = used();
    cluster.frameworks(FRAMEWORKS, false);
    long frameworks = used();
    Allocator allocator = new Allocator(AllocatorSettings.DEFAULT);
    List<ProposedOffer> offers = allocator.propose(cluster.state(), cluster.takeChanges(), true);
    offers = List.copyOf(offers);
    long view = used();
    for (int i = 0; i < ROUNDS; i++) {
      cluster.decline(offers);
      offers = allocator.propose(cluster.state(), cluster.takeChanges(), true);
    }
    long filters = cluster.state().filters().size();
    long refused = used();
    allocator = null;
    long refusedState = used();
    System.out.printf("state: %d bytes an agent%n", (agents - empty) / AGENTS);
    System.out.printf("state: %d bytes a framework%n", (frameworks - agents) / FRAMEWORKS);
    System.out.printf(
        "view: %d bytes an agent (%d agents, %d frameworks)%n",
        (view - frameworks) / AGENTS, AGENTS, FRAMEWORKS);
    System.out.printf(
        "%d refusals: %d bytes each in the state, %d in the view%n",
        filters,
        (refusedState - frameworks) / filters,
        (refused - refusedState - (view - frameworks)) / filters);
    // Both are needed until here.
    System.out.printf("(%d agents, %d offers)%n", cluster.state().agents().size(), offers.size());
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
