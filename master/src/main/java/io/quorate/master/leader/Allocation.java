package io.quorate.master.leader;

import io.quorate.master.allocator.DrfAllocator;
import io.quorate.master.allocator.InverseOfferRound;
import io.quorate.master.event.Call;
import io.quorate.master.event.Event;
import io.quorate.master.event.ProposeOffers;
import io.quorate.master.state.MasterState;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * When allocation rounds run: each interval, and soon after a commit that freed something or made
 * somebody want more. A round works on a frozen state on a thread of its own; its proposal is a
 * call. At most one round is underway. Core thread only, but for the round itself.
 */
final class Allocation implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Allocation.class);

  private final LoopSettings settings;
  private final LongSupplier tickerNanos;
  private final Supplier<MasterState> committed;
  private final Consumer<Call> calls;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          task -> {
            Thread allocator = new Thread(task, "allocator");
            allocator.setDaemon(true);
            return allocator;
          });
  private final AtomicBoolean underway = new AtomicBoolean();
  private boolean wanted;
  private long lastNanos;

  Allocation(
      LoopSettings settings,
      LongSupplier tickerNanos,
      Supplier<MasterState> committed,
      Consumer<Call> calls) {
    this.settings = settings;
    this.tickerNanos = tickerNanos;
    this.lastNanos = tickerNanos.getAsLong();
    this.committed = committed;
    this.calls = calls;
  }

  void committed(MasterMachine.Commit commit) {
    for (List<MasterMachine.Step> call : commit.calls()) {
      for (MasterMachine.Step step : call) {
        wanted |= matters(step.event());
      }
    }
    tick();
  }

  /** Whether an event may make a new offer possible. */
  private static boolean matters(Event event) {
    return switch (event.getWhatCase()) {
      case FRAMEWORK_SUBSCRIBED,
          FRAMEWORK_DISCONNECTED,
          FRAMEWORK_REMOVED,
          OFFERS_REVIVED,
          OFFER_ACCEPTED,
          OFFER_DECLINED,
          OFFER_RESCINDED,
          OFFER_DISCARDED,
          FILTER_REMOVED,
          TASK_STATUS_UPDATED,
          FRAMEWORK_UPDATED,
          OPERATION_STATUS_UPDATED,
          EXECUTOR_EXITED,
          EXECUTOR_REMOVED,
          AGENT_REACTIVATED,
          MAINTENANCE_SCHEDULED,
          INVERSE_OFFER_ANSWERED,
          AGENT_REGISTERED,
          AGENT_RECONNECTED ->
          true;
      default -> false;
    };
  }

  void tick() {
    long since = tickerNanos.getAsLong() - lastNanos;
    boolean due =
        since >= settings.allocationInterval().toNanos()
            || (wanted && since >= settings.allocationGap().toNanos());
    if (!due || !underway.compareAndSet(false, true)) {
      return;
    }
    wanted = false;
    lastNanos = tickerNanos.getAsLong();
    try {
      thread.execute(this::round);
    } catch (RejectedExecutionException e) {
      underway.set(false);
    }
  }

  private void round() {
    try {
      MasterState state = committed.get();
      ProposeOffers proposal =
          DrfAllocator.propose(state).toBuilder()
              .addAllInverseOffers(InverseOfferRound.propose(state))
              .build();
      if (proposal.getOffersCount() + proposal.getInverseOffersCount() > 0) {
        calls.accept(Call.newBuilder().setProposeOffers(proposal).build());
      }
    } catch (RuntimeException e) {
      LOG.error("An allocation round failed", e);
    } finally {
      underway.set(false);
    }
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
