package io.quorate.master.leader;

import io.quorate.log.LogStatus;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OverloadedException;
import io.quorate.log.ReplicatedLog;
import io.quorate.log.RoleListener;
import io.quorate.master.decide.Decide;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.event.BecomeLeader;
import io.quorate.master.event.Call;
import io.quorate.master.event.Entry;
import io.quorate.master.event.FireTimers;
import io.quorate.master.event.Record;
import io.quorate.master.state.History;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of the leader: calls are decided one after another on the <em>speculative</em> state,
 * gathered into entries and appended; answers and effects follow the commit.
 *
 * <p>While entries are in flight the calls that arrive gather into the next one (group commit). Two
 * roots are kept: the committed one, which {@link MasterMachine} derives from the log on every
 * replica, and the speculative one, which is the committed one plus what is in flight. Losing the
 * lead is dropping the speculative root: nothing that was derived from it has been told to anybody,
 * because even a refusal waits until the state that it was decided on is committed.
 *
 * <p>Everything below {@link #submit} and the listener methods runs on the core thread.
 */
public final class LeaderLoop implements MasterCore, RoleListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderLoop.class);
  private static final long TICK_MILLIS = 50;

  private final MasterInfo self;
  private final LoopSettings settings;
  private final LeaderEnvironment environment;
  private final ScheduledExecutorService core;
  private final MasterMachine machine = new MasterMachine(this::applied);
  private final Sender sender;
  private final Liveness liveness;
  private final Allocation allocation;
  private final AtomicInteger queued = new AtomicInteger();
  private final ArrayDeque<Pending> queue = new ArrayDeque<>();

  private volatile ReplicatedLog log;
  private MasterState speculative = MasterState.EMPTY;
  private CompletableFuture<?> lastAppend = CompletableFuture.completedFuture(null);
  private int inFlight;
  private boolean timersUnderway;

  /** What is decided on top of a failed entry is void: none of it may follow. */
  private boolean failed;

  /** The term that this master leads; 0 while it does not. */
  private long term;

  /** What the log said last; it may say so before it is open. */
  private long electedInTerm;

  private volatile boolean serving;
  private volatile long electedNanos;

  /** Begins when it is started. */
  public LeaderLoop(
      MasterInfo self,
      LoopSettings settings,
      LeaderEnvironment environment,
      EventSink<io.quorate.protocol.v1.scheduler.Event> streams,
      EventSink<io.quorate.protocol.agentlink.AgentEvent> links) {
    this.self = self;
    this.settings = settings;
    this.environment = environment;
    this.core = environment.core();
    this.sender = new Sender(settings, streams, links);
    this.liveness = new Liveness(settings, environment.tickerNanos(), this::internal, sender);
    this.allocation = new Allocation(settings, environment, this::onCore, this::internal);
  }

  /** What the log is to be opened with. */
  public MasterMachine machine() {
    return machine;
  }

  /** Starts the ticks, once the log is open. */
  public void start(ReplicatedLog openLog) {
    onCore(
        () -> {
          log = openLog;
          if (electedInTerm != 0) {
            lead(electedInTerm);
          }
        });
    core.scheduleWithFixedDelay(this::tick, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  // -- Calls ------------------------------------------------------------------------------------

  @Override
  public CompletableFuture<Answer> submit(Call call) {
    Pending pending = new Pending(call, new CompletableFuture<>());
    if (!serving) {
      pending.refuse(new NotLeaderException("This master does not lead"));
    } else if (queued.incrementAndGet() > settings.queuedCallsMax()) {
      queued.decrementAndGet();
      pending.refuse(
          new OverloadedException(settings.queuedCallsMax() + " calls are waiting already"));
    } else {
      try {
        onCore(() -> enqueue(pending));
      } catch (RejectedExecutionException e) {
        pending.refuse(new NotLeaderException("This master is stopping"));
      }
    }
    return pending.answer();
  }

  private void enqueue(Pending pending) {
    queued.decrementAndGet();
    if (!serving) {
      pending.refuse(new NotLeaderException("This master leads no longer"));
      return;
    }
    queue.add(pending);
    drain();
  }

  /** A call of the leader's own; what becomes of it shows in the state. */
  private CompletableFuture<Answer> internal(Call call) {
    Pending pending = new Pending(call, new CompletableFuture<>());
    onCore(
        () -> {
          if (!serving) {
            pending.refuse(new NotLeaderException("This master leads no longer"));
          } else {
            queue.add(pending);
            drain();
          }
        });
    return pending.answer();
  }

  private void drain() {
    while (term != 0 && !failed && !queue.isEmpty() && inFlight < settings.entriesInFlightMax()) {
      List<Pending> batch = new ArrayList<>();
      while (!queue.isEmpty() && batch.size() < settings.callsPerEntryMax()) {
        batch.add(queue.poll());
      }
      decideAndAppend(batch);
    }
  }

  private void decideAndAppend(List<Pending> batch) {
    // The entry's time: this clock, but never back.
    long now = Math.max(environment.clockNanos().getAsLong(), speculative.cluster().timeNanos());
    Entry.Builder entry =
        Entry.newBuilder()
            .setFormatVersion(MasterMachine.FORMAT_VERSION)
            .setFeatureLevel(MasterMachine.FEATURE_LEVEL)
            .setTimeNanos(now);
    speculative = speculative.at(now).settled();
    List<Runnable> answers = batch.stream().map(pending -> decide(pending, entry)).toList();
    if (entry.getRecordsCount() == 0) {
      List<Runnable> refusals = List.copyOf(answers);
      lastAppend.whenComplete((done, failure) -> Pending.settle(batch, refusals, failure));
      return;
    }
    inFlight++;
    long appendedIn = term;
    CompletableFuture<?> append = log.append(term, entry.build().toByteArray());
    failed |= append.isCompletedExceptionally();
    lastAppend = append;
    append.whenComplete(
        (position, failure) ->
            onCore(
                () -> {
                  inFlight--;
                  Pending.settle(batch, answers, failure);
                  if (failure != null && term == appendedIn) {
                    LOG.warn("An append failed in term {}: {}", term, failure.toString());
                    stopServing();
                  }
                  resume();
                }));
  }

  /** Decides one call; the result is how to answer it once the state is committed. */
  private Runnable decide(Pending pending, Entry.Builder entry) {
    Decision decision;
    try {
      decision = Decide.decide(speculative, pending.call(), settings.policy());
    } catch (RuntimeException e) {
      // The state is a value: a decision that fails has changed nothing.
      LOG.error("A call could not be decided: {}", pending.call().getWhatCase(), e);
      return () -> pending.answer().completeExceptionally(e);
    }
    if (decision instanceof Decision.Refused refused) {
      return () -> pending.answer().complete(new Answer.Refused(refused.why()));
    }
    Decision.Accepted accepted = (Decision.Accepted) decision;
    // What clients ask for is logged even when it caused nothing.
    boolean client = pending.call().hasScheduler() || pending.call().hasAgent();
    if (client || !accepted.events().isEmpty()) {
      entry.addRecords(Record.newBuilder().setCall(pending.call()).addAllEvents(accepted.events()));
    }
    speculative = accepted.after();
    return () -> pending.answer().complete(new Answer.Accepted());
  }

  /** A failure on the core thread is a bug: it is told, and does not end the thread. */
  private void onCore(Runnable task) {
    core.execute(
        () -> {
          try {
            task.run();
          } catch (RuntimeException e) {
            LOG.error("The core thread met an error", e);
          }
        });
  }

  // -- Commits ----------------------------------------------------------------------------------

  /** On the log's apply thread. */
  private void applied(MasterMachine.Commit commit) {
    onCore(() -> committed(commit));
  }

  /**
   * Entries of earlier terms had another leader: their effects are covered by what it is told anew.
   */
  private void committed(MasterMachine.Commit commit) {
    if (term != 0 && commit.position().term() == term) {
      sender.send(commit);
      allocation.committed(commit);
    }
  }

  // -- The lead ---------------------------------------------------------------------------------

  @Override
  public void onLeading(long newTerm) {
    onCore(
        () -> {
          electedInTerm = newTerm;
          if (log != null) {
            lead(newTerm);
          }
        });
  }

  @Override
  public void onFollowing(String leader) {
    onCore(
        () -> {
          electedInTerm = 0;
          if (term != 0) {
            LOG.info("Leads no longer; term was {}", term);
            stopServing();
            term = 0;
          }
        });
  }

  /** All that was committed before is applied. */
  private void lead(long newTerm) {
    stopServing();
    failed = false;
    term = newTerm;
    speculative = machine.committed();
    allocation.lead(speculative);
    lastAppend = CompletableFuture.completedFuture(null);
    CompletableFuture<Answer> elected = new CompletableFuture<>();
    elected.thenAccept(
        answer -> {
          if (term == newTerm) {
            liveness.reset(machine.committed());
            electedNanos = environment.clockNanos().getAsLong();
            serving = true;
            LOG.info("Leads in term {}", term);
          }
        });
    queue.add(
        new Pending(
            Call.newBuilder()
                .setBecomeLeader(
                    BecomeLeader.newBuilder()
                        .setTerm(newTerm)
                        .setMasterInfo(self)
                        .setNewClusterId(environment.uuids().get())
                        .setFrameworkGraceNanos(settings.policy().frameworkGraceNanos()))
                .build(),
            elected));
    drain();
  }

  private void stopServing() {
    serving = false;
    timersUnderway = false;
    sender.endAll();
    while (!queue.isEmpty()) {
      queue.poll().refuse(new NotLeaderException("This master leads no longer"));
    }
  }

  /** After a failed append the speculative root is void: begin anew once nothing is in flight. */
  private void resume() {
    if (serving || term == 0) {
      drain();
    } else if (inFlight == 0 && queue.isEmpty()) {
      long failedIn = term;
      log.readBarrier()
          .whenComplete(
              (index, failure) ->
                  onCore(
                      () -> {
                        if (failure == null && term == failedIn && !serving) {
                          lead(failedIn);
                        }
                      }));
    } else {
      drain();
    }
  }

  // -- Time -------------------------------------------------------------------------------------

  private void tick() {
    try {
      if (serving) {
        fireTimers();
        liveness.tick(machine.committed());
        allocation.tick();
      }
    } catch (RuntimeException e) {
      LOG.error("A tick failed", e);
    }
  }

  private void fireTimers() {
    var timers = speculative.timers();
    boolean due =
        !timers.isEmpty() && timers.first().deadlineNanos() <= environment.clockNanos().getAsLong();
    if (due && !timersUnderway) {
      timersUnderway = true;
      CompletableFuture<Answer> fired = new CompletableFuture<>();
      fired.whenComplete((answer, failure) -> timersUnderway = false);
      queue.add(
          new Pending(
              Call.newBuilder().setFireTimers(FireTimers.getDefaultInstance()).build(), fired));
      drain();
    }
  }

  // -- Readers ----------------------------------------------------------------------------------

  @Override
  public void heard(AgentCall call, String linkId) {
    onCore(() -> liveness.heard(machine.committed(), call, linkId));
  }

  @Override
  public CompletableFuture<Long> barrier() {
    return log.readBarrier();
  }

  @Override
  public MasterView view() {
    MasterState state = machine.committed();
    LogStatus status = log.status();
    boolean leads = serving;
    boolean other = status.leader() != null && !status.leader().equals(status.member());
    boolean known = other && state.cluster().leaderTerm() == status.term();
    MasterInfo leader = leads ? self : known ? state.cluster().leader() : null;
    return new MasterView(
        state, leads, leader, leads ? electedNanos : 0, self, status, new History(log.rows()));
  }

  @Override
  public void close() {
    core.shutdown();
  }
}
