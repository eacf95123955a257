package io.quorate.master.leader;

import io.quorate.master.allocator.Allocator;
import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.allocator.InverseOfferRound;
import io.quorate.master.event.Call;
import io.quorate.master.event.ProposeOffers;
import io.quorate.master.event.ProposedInverseOffer;
import io.quorate.master.event.ProposedOffer;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When allocation rounds run: over all agents each interval, and over those that a commit touched
 * soon after it. A round works on a frozen state beside the loop; its proposals are calls. The next
 * one waits until they are decided. Core thread only, but for the round itself.
 */
final class Allocation {
  private static final Logger LOG = LoggerFactory.getLogger(Allocation.class);

  private final LoopSettings settings;
  private final LeaderEnvironment environment;
  private final Function<Call, CompletableFuture<Answer>> calls;
  private final Executor core;

  /** As set, until a policy of it had to be given up. */
  private AllocatorSettings chosen;

  private Allocator allocator;
  private MasterState latest = MasterState.EMPTY;
  private Changes changes = Changes.everything();
  private long lastNanos;
  private long lastFullNanos;
  private long clock;

  /** Counts rounds: what comes back from one that was given up is not looked at. */
  private long round;

  private boolean computing;
  private boolean underway;

  /** Calls are decided some time after they are given. */
  Allocation(
      LoopSettings settings,
      LeaderEnvironment environment,
      Executor core,
      Function<Call, CompletableFuture<Answer>> calls) {
    this.settings = settings;
    this.environment = environment;
    this.core = core;
    this.calls = calls;
    this.chosen = settings.allocator();
    this.allocator = new Allocator(chosen);
    this.lastNanos = environment.tickerNanos().getAsLong();
    this.lastFullNanos = lastNanos;
  }

  /** This master leads from this state on; what any allocator knew before is void. */
  void lead(MasterState state) {
    latest = state;
    changes = Changes.everything();
    round++;
    underway = false;
    if (computing) {
      // It may still be in use by the round that is given up.
      allocator = new Allocator(chosen);
      computing = false;
    }
  }

  void committed(MasterMachine.Commit commit) {
    latest = commit.after();
    changes.add(commit.changes());
    tick();
  }

  void tick() {
    long now = environment.tickerNanos().getAsLong();
    if (underway) {
      watch(now);
      return;
    }
    boolean full = now - lastFullNanos >= settings.allocationInterval().toNanos();
    boolean wanted = !changes.isEmpty() && now - lastNanos >= settings.allocationGap().toNanos();
    if (full || wanted) {
      start(now, full);
    }
  }

  private void start(long now, boolean full) {
    // Never back: what was over in one round is over in the next.
    clock = Math.max(clock, environment.clockNanos().getAsLong());
    clock = Math.max(clock, latest.cluster().timeNanos());
    MasterState state = latest.at(clock);
    Changes since = changes;
    Allocator current = allocator;
    long number = ++round;
    changes = new Changes();
    lastNanos = now;
    lastFullNanos = full ? now : lastFullNanos;
    underway = true;
    computing = true;
    try {
      environment.allocator().execute(() -> compute(number, current, state, since, full));
    } catch (RejectedExecutionException e) {
      underway = false;
      computing = false;
      since.add(changes);
      changes = since;
    }
  }

  private void compute(
      long number, Allocator current, MasterState state, Changes since, boolean full) {
    List<ProposedOffer> offers = List.of();
    List<ProposedInverseOffer> inverseOffers = List.of();
    boolean failed = false;
    try {
      offers = current.propose(state, since, full);
      current.policyFailure().ifPresent(this::reportPolicy);
      inverseOffers = InverseOfferRound.propose(state);
    } catch (RuntimeException | StackOverflowError | LinkageError e) {
      LOG.error("An allocation round failed", e);
      failed = true;
    }
    List<Call> proposals = proposals(offers, inverseOffers);
    boolean anew = failed;
    core.execute(() -> computed(number, proposals, anew));
  }

  private void reportPolicy(Throwable failure) {
    LOG.error(
        "An allocation policy failed ('{}' for roles, '{}' for frameworks): this round went by"
            + " dominant shares",
        settings.allocator().roles().name(),
        settings.allocator().frameworks().name(),
        failure);
  }

  /** In pieces, so that no entry of the log becomes too large. */
  private List<Call> proposals(
      List<ProposedOffer> offers, List<ProposedInverseOffer> inverseOffers) {
    int most = settings.offersPerCallMax();
    List<Call> proposals = new ArrayList<>();
    for (int from = 0; from < offers.size(); from += most) {
      proposals.add(
          proposal(
              ProposeOffers.newBuilder()
                  .addAllOffers(offers.subList(from, Math.min(offers.size(), from + most)))));
    }
    if (!inverseOffers.isEmpty()) {
      proposals.add(proposal(ProposeOffers.newBuilder().addAllInverseOffers(inverseOffers)));
    }
    return proposals;
  }

  private static Call proposal(ProposeOffers.Builder proposal) {
    return Call.newBuilder().setProposeOffers(proposal).build();
  }

  private void computed(long number, List<Call> proposals, boolean anew) {
    if (number != round) {
      return;
    }
    computing = false;
    if (anew) {
      changes = Changes.everything();
      // Not again and again: the next one is the next full round.
      lastNanos += settings.allocationInterval().toNanos();
    }
    CompletableFuture<?>[] decided =
        proposals.stream().map(calls).toArray(CompletableFuture[]::new);
    CompletableFuture.allOf(decided)
        .whenComplete(
            (done, failure) -> {
              if (number == round) {
                underway = false;
              }
            });
  }

  /** A policy from a module that takes too long is not asked again. */
  private void watch(long now) {
    if (computing
        && !chosen.builtIn()
        && now - lastNanos > settings.allocationTimeout().toNanos()) {
      LOG.error(
          "An allocation round by the policies '{}' (roles) and '{}' (frameworks) takes longer than"
              + " {}: it is given up, and rounds go by dominant shares from now on",
          chosen.roles().name(),
          chosen.frameworks().name(),
          settings.allocationTimeout());
      chosen = chosen.withoutModules();
      allocator = new Allocator(chosen);
      changes = Changes.everything();
      round++;
      computing = false;
      underway = false;
    }
  }
}
