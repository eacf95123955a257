package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import io.quorate.chaos.cluster.ClusterNode;
import io.quorate.cluster.LocalCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;

/** Agents whose memory is not what it should be. */
final class Agents {
  private static final int OLDER_MILLIS_MIN = 2_000;
  private static final int OLDER_MILLIS_MAX = 8_000;
  private static final Duration DECIDED_MAX = Duration.ofSeconds(20);

  private Agents() {}

  /** An agent is killed, gets back the work directory of some seconds ago, and is started. */
  static String oldCheckpoint(
      ChaosCluster cluster, List<Members.Healing> later, SplittableRandom random)
      throws IOException {
    ClusterNode agent = Choice.any(cluster.agents(), random);
    int age = random.nextInt(OLDER_MILLIS_MIN, OLDER_MILLIS_MAX);
    String id = id(cluster, agent);
    later.add(running -> backOrNew(running, agent, id));
    // Files come and go below the sandboxes while they are copied.
    agent.run("rm -rf older; cp -a " + agent.work() + " older || true");
    Daemons.pause(age);
    agent.kill();
    agent.run("rm -rf " + agent.work() + "; mv older " + agent.work());
    agent.mayEnd(true);
    agent.start();
    return agent + " goes on with its work directory of " + age + " ms ago";
  }

  /** A second machine comes up with a copy of an agent's work directory, as clones of disks do. */
  static String clone(ChaosCluster cluster, List<Members.Healing> later, SplittableRandom random)
      throws IOException {
    ClusterNode agent = Choice.any(cluster.agents(), random);
    ClusterNode clone = cluster.stranger();
    String id = id(cluster, agent);
    later.add(
        running -> {
          clone.kill();
          endTasks(clone);
          backOrNew(running, agent, id);
        });
    agent.mayEnd(true);
    // With another name it would not even ask: its own check refuses that.
    clone
        .arguments()
        .replaceAll(
            argument ->
                argument.startsWith("--hostname=") ? "--hostname=" + agent.name() : argument);
    copy(agent, clone);
    clone.start();
    return agent + " has a clone, " + clone;
  }

  /** From here, where both machines' directories are. */
  private static void copy(ClusterNode from, ClusterNode to) throws IOException {
    try {
      new ProcessBuilder(
              "sh", "-c", "cp -a " + from.work() + " " + to.work() + " 2>/dev/null || true")
          .start()
          .waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Its id, once it is there: it may be back since a moment. */
  private static String id(ChaosCluster cluster, ClusterNode agent) throws IOException {
    if (!LocalCluster.await(DECIDED_MAX, () -> cluster.linked(agent))) {
      throw new IOException(agent + " is not there");
    }
    return cluster
        .listed(agent)
        .map(it -> it.path("id").asText())
        .orElseThrow(() -> new IOException(agent + " is not listed"));
  }

  /**
   * An agent that the masters take back stays. Another does as it was told: it begins anew, and the
   * operator says that what it was is gone.
   */
  private static void backOrNew(ChaosCluster cluster, ClusterNode agent, String id)
      throws IOException {
    agent.start();
    if (!LocalCluster.await(DECIDED_MAX, () -> cluster.linked(agent))) {
      agent.kill();
      endTasks(agent);
      agent.run("rm -rf " + agent.work());
      AgentOrders.markGone(cluster, id);
      agent.start();
    }
    agent.mayEnd(false);
  }

  /** All that works in this agent's sandboxes, also in those that are deleted, and who minds it. */
  static void endTasks(ClusterNode agent) throws IOException {
    String work = agent.work().toString();
    // Again until there is none: what is just being started may be missed once.
    agent.run(
        "while pids=$(find /proc/[0-9]*/cwd -lname '"
            + work
            + "/*' 2>/dev/null | cut -d/ -f3; ps -eo pid,args | awk '/[q]uorate-supervisor/ && index($0,"
            + " \""
            + work
            + "/\") {print $1}'); [ -n \"$pids\" ]; do kill -KILL $pids 2>/dev/null || true; done");
  }
}
