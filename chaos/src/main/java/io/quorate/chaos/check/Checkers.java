package io.quorate.chaos.check;

import io.quorate.chaos.check.evidence.Evidence;
import io.quorate.chaos.check.model.GrowingSet;
import io.quorate.chaos.check.model.Linearizability;
import io.quorate.chaos.check.model.Register;
import io.quorate.chaos.check.promise.AcknowledgedLaunches;
import io.quorate.chaos.check.promise.Availability;
import io.quorate.chaos.check.promise.DuplicatesChangeNothing;
import io.quorate.chaos.check.promise.HarmDone;
import io.quorate.chaos.check.promise.IdsMintedOnce;
import io.quorate.chaos.check.promise.Linearizable;
import io.quorate.chaos.check.promise.NobodyStarves;
import io.quorate.chaos.check.promise.NothingLeaks;
import io.quorate.chaos.check.promise.OffersUsedOnce;
import io.quorate.chaos.check.promise.OneLeaderATerm;
import io.quorate.chaos.check.promise.QuotasHold;
import io.quorate.chaos.check.promise.ReconciliationIsTrue;
import io.quorate.chaos.check.promise.Recovery;
import io.quorate.chaos.check.promise.ReplicasAgree;
import io.quorate.chaos.check.promise.ReservationsLast;
import io.quorate.chaos.check.promise.ResourcesInOneHand;
import io.quorate.chaos.check.promise.TasksOutliveMasters;
import io.quorate.chaos.check.promise.TasksRunOnce;
import io.quorate.chaos.check.promise.UpdatesInOrder;
import io.quorate.chaos.check.verdict.Checker;
import io.quorate.chaos.check.verdict.Promise;
import io.quorate.chaos.check.verdict.Verdict;
import io.quorate.chaos.history.RunDirectory;
import java.util.ArrayList;
import java.util.List;

/** Which checkers judge which workload. */
public final class Checkers {
  private Checkers() {}

  /**
   * The checkers of a workload: those whose subject it has, as one without a subject is unknown,
   * and unknown fails. Reservations are there at the end, so I16 does not judge their workload.
   *
   * @throws IllegalArgumentException if there is no such workload
   */
  public static List<Checker> of(String workload) {
    return List.copyOf(promises(workload));
  }

  /** All verdicts on a run, whose files are read once. Pure: the same files, the same verdicts. */
  public static List<Verdict> judge(RunDirectory directory, String workload) {
    List<Promise> promises = promises(workload);
    Evidence run;
    try {
      run = Evidence.of(directory);
    } catch (RuntimeException e) {
      return promises.stream().map(promise -> promise.check(directory)).toList();
    }
    return promises.stream().map(promise -> promise.check(run)).toList();
  }

  private static List<Promise> promises(String workload) {
    List<Promise> all = new ArrayList<>();
    all.add(new HarmDone());
    all.addAll(ofWorkload(workload));
    return all;
  }

  private static List<Promise> ofWorkload(String workload) {
    return switch (workload) {
      case "launch", "service", "flood" ->
          List.of(
              new AcknowledgedLaunches(),
              new ResourcesInOneHand(),
              new OffersUsedOnce(),
              new TasksRunOnce(),
              new UpdatesInOrder(),
              new IdsMintedOnce(),
              new ReconciliationIsTrue(),
              new ReplicasAgree(),
              new OneLeaderATerm(),
              new TasksOutliveMasters(),
              new QuotasHold(),
              new NobodyStarves(),
              new Recovery(),
              new DuplicatesChangeNothing(),
              new NothingLeaks(),
              new Availability("launch", "kill", "reconcile", "accept", "decline"));
      case "register" ->
          List.of(
              new Linearizable(
                  "linearizability of a register",
                  new Register(),
                  Linearizability.Budget.USUAL,
                  "write",
                  "read"),
              new ReplicasAgree(),
              new OneLeaderATerm(),
              new Recovery(),
              new Availability("write", "read"));
      case "set" ->
          List.of(
              new Linearizable(
                  "linearizability of a set",
                  new GrowingSet(),
                  Linearizability.Budget.USUAL,
                  "add",
                  "read"),
              new ReplicasAgree(),
              new OneLeaderATerm(),
              new Recovery(),
              new Availability("add", "read"));
      case "reservations" ->
          List.of(
              new ResourcesInOneHand(),
              new IdsMintedOnce(),
              new ReplicasAgree(),
              new OneLeaderATerm(),
              new ReservationsLast(),
              new Recovery(),
              new Availability("reserve", "unreserve", "create", "destroy"));
      default -> throw new IllegalArgumentException("there is no workload '" + workload + "'");
    };
  }
}
