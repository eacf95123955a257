package io.quorate.chaos.nemesis;

import io.quorate.chaos.cluster.ChaosCluster;
import java.io.IOException;
import java.util.SplittableRandom;

/** One kind of harm. Strikes and healings of one nemesis alternate; those of several overlap. */
public interface Nemesis {
  /** As the command line names it. */
  String name();

  /** What it needs before the cluster is started: variables, flags, file systems. */
  default void prepare(ChaosCluster cluster) throws IOException {}

  /**
   * Does the harm and returns.
   *
   * @param random the only source of chance, so that a seed repeats the choices
   * @return what was done, and to whom, for the history; empty if there was nothing to do it to
   */
  String strike(ChaosCluster cluster, SplittableRandom random) throws IOException;

  /** Undoes it. Called after each strike, and once more at the end: does nothing if all is well. */
  void heal(ChaosCluster cluster) throws IOException;
}
