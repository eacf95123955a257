package io.quorate.master.leader;

import io.quorate.log.LogStatus;
import io.quorate.log.NotLeaderException;
import io.quorate.log.OverloadedException;
import io.quorate.log.Position;
import io.quorate.log.ReplicatedLog;
import io.quorate.log.RoleListener;
import io.quorate.master.decide.Decide;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.event.BecomeLeader;
import io.quorate.master.event.Call;
import io.quorate.master.event.Entry;
import io.quorate.master.event.FireTimers;
import io.quorate.master.event.Record;
import io.quorate.master.state.CompletedHistory;
import io.quorate.master.state.MasterState;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
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
 * <p>When an append fails while the lead is kept, all that was decided on top of it is void,
 * whether it comes into the log or not: each entry names what it was decided on, and {@link
 * MasterMachine} skips one that does not follow. The loop waits until nothing is in flight, makes
 * sure that all that was committed is applied, and begins again with a {@code BecomeLeader} in the
 * same term.
 *
 * <p>Everything but {@link #submit}, the listener's methods and the readers runs on the core
 * thread, and every call that was taken is answered there. What may wait is bounded ({@link
 * WaitingCalls}).
 */
public final class LeaderLoop implements MasterCore, RoleListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeaderLoop.class);
  private static final long TICK_MILLIS = 50;

  private final MasterInfo self;
  private final LoopSettings settings;
  private final LeaderEnvironment environment;
  private final CoreThread core;
  private final MasterMachine machine = new MasterMachine(this::applied, this::skipped);
  private final Sender sender;
  private final Liveness liveness;
  private final Allocation allocation;
  private final WaitingCalls waiting;

  private volatile Consumer<MasterMachine.Commit> watcher = commit -> {};
  private volatile ReplicatedLog log;
  private volatile boolean serving;
  private volatile long electedNanos;

  // What follows belongs to the core thread.

  private MasterState speculative = MasterState.EMPTY;

  /** The time of the last entry that was appended: no two entries of a term have the same. */
  private long lastNanos;

  /** The entries of this lead that were appended and are not settled, in their order. */
  private ArrayDeque<EntryInFlight> inFlight = new ArrayDeque<>();

  /** The indexes of this lead's entries that were skipped and are not settled yet. */
  private final Set<Long> skippedIndexes = new HashSet<>();

  /** The speculative root is void: nothing more may be decided on it. */
  private boolean failed;

  /** Asks the log what is committed, to begin again after a failure. */
  private boolean recovering;

  private boolean timersUnderway;

  /** The term that this master leads; 0 while it does not. */
  private long term;

  /** What the log said last; it may say so before it is open. */
  private long electedInTerm;

  /** A call that was decided, and what it is to be answered once that is committed. */
  private record Decided(Pending pending, Answer answer, RuntimeException error) {
    void settle(Throwable failure) {
      Throwable why = failure == null ? error : failure;
      if (why == null) {
        pending.answer().complete(answer);
      } else {
        pending.answer().completeExceptionally(why);
      }
    }
  }

  /** An entry that was appended, with all calls that wait for it. */
  private static final class EntryInFlight {
    private final long term;
    private final List<Decided> calls;

    EntryInFlight(long term, List<Decided> calls) {
      this.term = term;
      this.calls = new ArrayList<>(calls);
    }
  }

  /** A loop that begins when it is started. */
  public LeaderLoop(
      MasterInfo self,
      LoopSettings settings,
      LeaderEnvironment environment,
      EventSink<io.quorate.protocol.v1.scheduler.Event> streams,
      EventSink<io.quorate.protocol.agentlink.AgentEvent> links) {
    this.self = self;
    this.settings = settings;
    this.environment = environment;
    this.core = new CoreThread(environment.core());
    this.waiting = new WaitingCalls(settings.bounds());
    this.sender = new Sender(settings, streams, links);
    this.liveness = new Liveness(settings, environment.tickerNanos(), this::submitOwn, sender);
    this.allocation = new Allocation(settings, environment, core::execute, this::submitOwn);
  }

  /** Tells somebody else of every commit from now on, on the apply thread: it must be quick. */
  public void watch(Consumer<MasterMachine.Commit> listener) {
    watcher = listener;
  }

  /** What the log is to be opened with. */
  public MasterMachine machine() {
    return machine;
  }

  /** Starts the ticks, once the log is open. */
  public void start(ReplicatedLog openLog) {
    log = openLog;
    core.execute(
        () -> {
          if (electedInTerm != 0 && term == 0) {
            lead(electedInTerm);
          }
        });
    core.every(TICK_MILLIS, this::tick);
  }

  // -- Calls ------------------------------------------------------------------------------------

  @Override
  public CompletableFuture<Answer> submit(Call call) {
    Pending pending = new Pending(call, new CompletableFuture<>());
    if (!serving) {
      pending.refuse(new NotLeaderException("This master does not lead"));
      return pending.answer();
    }
    boolean own = call.hasCloseStream() || call.hasCloseLink();
    Optional<OverloadedException> full = own ? Optional.empty() : waiting.enter(pending);
    if (full.isPresent()) {
      pending.refuse(full.get());
      return pending.answer();
    }
    try {
      core.execute(() -> enqueue(pending, own));
    } catch (RejectedExecutionException e) {
      pending.refuse(new NotLeaderException("This master is stopping"));
    }
    return pending.answer();
  }

  private void enqueue(Pending pending, boolean own) {
    core.check();
    if (!serving) {
      pending.refuse(new NotLeaderException("This master leads no longer"));
      return;
    }
    if (own) {
      answerAs(pending, waiting.addOwn(pending.call()));
    } else {
      waiting.add(pending);
    }
    drain();
  }

  private static void answerAs(Pending pending, CompletableFuture<Answer> other) {
    other.whenComplete(
        (answer, failure) -> {
          if (failure == null) {
            pending.answer().complete(answer);
          } else {
            pending.answer().completeExceptionally(failure);
          }
        });
  }

  /** Queues a call of the leader's own; what becomes of it shows in the state. */
  private CompletableFuture<Answer> submitOwn(Call call) {
    core.check();
    if (!serving) {
      return CompletableFuture.failedFuture(new NotLeaderException("This master leads no longer"));
    }
    CompletableFuture<Answer> answer = waiting.addOwn(call);
    // Later, so that all that is asked for at once comes into one entry.
    core.execute(this::drain);
    return answer;
  }

  private void drain() {
    core.check();
    while (term != 0
        && !failed
        && !waiting.isEmpty()
        && inFlight.size() < settings.bounds().entriesInFlightMax()) {
      decideAndAppend(waiting.takeBatch());
    }
  }

  private void decideAndAppend(List<Pending> batch) {
    MasterState before = speculative;
    // The entry's time is this clock's, but never that of another entry, and never back.
    long latest = Math.max(before.cluster().timeNanos(), lastNanos);
    long now = Math.max(environment.clockNanos().getAsLong(), latest + 1);
    Entry.Builder entry =
        Entry.newBuilder()
            .setFormatVersion(MasterMachine.FORMAT_VERSION)
            .setFeatureLevel(MasterMachine.FEATURE_LEVEL)
            .setTimeNanos(now)
            .setDecidedOnNanos(before.cluster().timeNanos());
    speculative = before.at(now).settled();
    List<Decided> decided = new ArrayList<>(batch.size());
    for (Pending pending : batch) {
      decided.add(decide(pending, entry));
    }
    if (entry.getRecordsCount() == 0) {
      // Nothing happened, not even time went on; but it was decided on what is in flight.
      speculative = before;
      if (inFlight.isEmpty()) {
        decided.forEach(call -> call.settle(null));
      } else {
        inFlight.getLast().calls.addAll(decided);
      }
      return;
    }
    lastNanos = now;
    EntryInFlight appended = new EntryInFlight(term, decided);
    inFlight.add(appended);
    CompletableFuture<Position> append = log.append(term, entry.build().toByteArray());
    failed |= append.isCompletedExceptionally();
    append.whenComplete(
        (position, failure) -> core.execute(() -> settle(appended, position, failure)));
  }

  /** Decides one call; it is answered once the state that it was decided on is committed. */
  private Decided decide(Pending pending, Entry.Builder entry) {
    Decision decision;
    try {
      decision = Decide.decide(speculative, pending.call(), settings.policy());
    } catch (RuntimeException e) {
      // The state is a value: a decision that fails has changed nothing.
      LOG.error("A call could not be decided: {}", pending.call().getWhatCase(), e);
      return new Decided(pending, null, e);
    }
    if (decision instanceof Decision.Refused refused) {
      return new Decided(pending, new Answer.Refused(refused.why()), null);
    }
    Decision.Accepted accepted = (Decision.Accepted) decision;
    // What clients ask for is logged even when it caused nothing.
    boolean client = pending.call().hasScheduler() || pending.call().hasAgent();
    if (client || !accepted.events().isEmpty()) {
      entry.addRecords(Record.newBuilder().setCall(pending.call()).addAllEvents(accepted.events()));
    }
    speculative = accepted.after();
    return new Decided(pending, new Answer.Accepted(), null);
  }

  /** An entry was committed and applied here, or failed: what waits for it is answered. */
  private void settle(EntryInFlight entry, Position position, Throwable failure) {
    core.check();
    inFlight.remove(entry);
    Throwable why = failure;
    if (why == null && skippedIndexes.remove(position.index())) {
      why = new NotLeaderException("What it was decided on failed: the call was not done");
    }
    Throwable reason = why;
    entry.calls.forEach(call -> call.settle(reason));
    if (why != null && term == entry.term) {
      LOG.warn("An append failed in term {}: {}", term, why.toString());
      failed = true;
      stopServing();
    }
    if (failed) {
      recover();
    } else {
      drain();
    }
  }

  // -- Commits ----------------------------------------------------------------------------------

  /** Is told by the log's apply thread. */
  private void applied(MasterMachine.Commit commit) {
    watcher.accept(commit);
    core.execute(() -> committed(commit));
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

  /** Is told by the log's apply thread: an entry did not follow what was applied before it. */
  private void skipped(Position position) {
    core.execute(
        () -> {
          if (term != 0 && position.term() == term) {
            skippedIndexes.add(position.index());
          }
        });
  }

  // -- The lead ---------------------------------------------------------------------------------

  @Override
  public void onLeading(long newTerm) {
    core.execute(
        () -> {
          electedInTerm = newTerm;
          if (log != null) {
            lead(newTerm);
          }
        });
  }

  @Override
  public void onFollowing(String leader) {
    core.execute(
        () -> {
          electedInTerm = 0;
          if (term != 0) {
            LOG.info("Leads no longer; term was {}", term);
            stopServing();
            term = 0;
          }
        });
  }

  /** Begins to lead. All that was committed before is applied. */
  private void lead(long newTerm) {
    core.check();
    stopServing();
    failed = false;
    recovering = false;
    term = newTerm;
    inFlight = new ArrayDeque<>();
    skippedIndexes.clear();
    speculative = machine.committed();
    allocation.lead(speculative);
    CompletableFuture<Answer> elected =
        waiting.addOwn(
            Call.newBuilder()
                .setBecomeLeader(
                    BecomeLeader.newBuilder()
                        .setTerm(newTerm)
                        .setMasterInfo(self)
                        .setNewClusterId(environment.uuids().get())
                        .setFrameworkGraceNanos(settings.policy().frameworkGraceNanos()))
                .build());
    elected.thenAccept(
        answer -> {
          if (term == newTerm) {
            liveness.reset(machine.committed());
            electedNanos = environment.clockNanos().getAsLong();
            serving = true;
            LOG.info("Leads in term {}", term);
          }
        });
    drain();
  }

  private void stopServing() {
    serving = false;
    timersUnderway = false;
    sender.endAll();
    for (Pending pending : waiting.takeAll()) {
      pending.refuse(new NotLeaderException("This master leads no longer"));
    }
  }

  /** Begins the lead again once nothing is in flight and all that was committed is applied. */
  private void recover() {
    if (!failed || term == 0 || recovering || !inFlight.isEmpty()) {
      return;
    }
    recovering = true;
    long failedIn = term;
    log.readBarrier()
        .whenComplete(
            (index, failure) ->
                core.execute(
                    () -> {
                      recovering = false;
                      // Where no majority answers it is asked again with the next tick.
                      if (failure == null && failed && term == failedIn) {
                        lead(failedIn);
                      }
                    }));
  }

  // -- Time -------------------------------------------------------------------------------------

  private void tick() {
    recover();
    if (serving) {
      fireTimers();
      liveness.tick(machine.committed());
      allocation.tick();
    }
  }

  private void fireTimers() {
    var timers = speculative.timers();
    boolean due =
        !timers.isEmpty() && timers.first().deadlineNanos() <= environment.clockNanos().getAsLong();
    if (due && !timersUnderway) {
      timersUnderway = true;
      submitOwn(Call.newBuilder().setFireTimers(FireTimers.getDefaultInstance()).build())
          .whenComplete((answer, failure) -> timersFired());
    }
  }

  private void timersFired() {
    core.check();
    timersUnderway = false;
  }

  // -- Readers ----------------------------------------------------------------------------------

  @Override
  public void heard(AgentCall call, String linkId) {
    core.execute(() -> liveness.heard(machine.committed(), call, linkId));
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
        state,
        leads,
        leader,
        leads ? electedNanos : 0,
        self,
        status,
        new CompletedHistory(log.rows()));
  }

  @Override
  public void close() {
    core.close();
  }
}
