package io.quorate.agent;

import io.quorate.agent.apply.AgentApply;
import io.quorate.agent.decide.AgentAction;
import io.quorate.agent.decide.AgentCalls;
import io.quorate.agent.decide.AgentDecide;
import io.quorate.agent.decide.AgentDecision;
import io.quorate.agent.decide.AgentInput;
import io.quorate.agent.executor.ExecutorCallRefusal;
import io.quorate.agent.executor.ExecutorStream;
import io.quorate.agent.executor.ExecutorTokens;
import io.quorate.agent.flags.AgentSettings;
import io.quorate.agent.isolate.RootContainer;
import io.quorate.agent.link.MasterLink;
import io.quorate.agent.state.AgentState;
import io.quorate.agent.state.ExecutorId;
import io.quorate.agent.state.RunId;
import io.quorate.agent.store.AgentJournal;
import io.quorate.agent.store.record.JournalRecord;
import io.quorate.agent.task.Layout;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.executor.Call;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's loop without its thread: it takes inputs, decides each on the state that the one
 * before left, and appends the records to the journal. What is taken together is synced once, and
 * only then acted on: a command is safe before it is carried out, an update before it is sent.
 * Whoever runs it has one thread for it.
 */
public final class AgentCore implements MasterLink.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(AgentCore.class);

  private final AgentSettings settings;
  private final AgentEnvironment outside;
  private final AgentJournal journal;
  private final AgentDecide rules;
  private final ActionPerformer performer;
  private final Layout layout;
  private List<Runnable> afterSync = new ArrayList<>();
  private volatile AgentState state = AgentState.EMPTY;
  private AgentState synced = AgentState.EMPTY;
  private long compactAtBytes;
  private volatile boolean recovered;

  public AgentCore(AgentSettings settings, AgentEnvironment outside) {
    this.settings = settings;
    this.outside = outside;
    this.journal = outside.journal();
    this.layout = Layout.of(settings);
    this.rules = new AgentDecide(settings);
    this.performer = new ActionPerformer(settings, outside, () -> state, this::handle);
  }

  /** Returns the tokens with which executors prove themselves. It may be called on any thread. */
  public ExecutorTokens tokens() {
    return outside.tokens();
  }

  /** Whether the journal was read and its tasks were taken up. It may be called on any thread. */
  public boolean recovered() {
    return recovered;
  }

  /** The agent's state, which may not be on the disk yet. It may be called on any thread. */
  public AgentState state() {
    return state;
  }

  /** The id, once there is one. It may be called on any thread. */
  public String agentId() {
    return state.agentId();
  }

  /** Returns the layout by which a path of the files API is resolved. */
  public Layout layout() {
    return layout;
  }

  /** The outermost containers that are not over. It may be called on any thread. */
  public Set<String> running() {
    return LimitWatch.containers(state).values().stream()
        .map(RootContainer::id)
        .collect(Collectors.toSet());
  }

  /** What runs in the outermost containers that are not over. It may be called on any thread. */
  public Map<RunId, RootContainer> containers() {
    return LimitWatch.containers(state);
  }

  /** Whether there is a link to a leader. It may be called on any thread. */
  public boolean linked() {
    return outside.link().up();
  }

  /**
   * {@code host:port} of the leader while there is a link to it. It may be called on any thread.
   */
  public Optional<String> master() {
    return outside.link().master();
  }

  /** Hands something to the core thread. It may be called on any thread. */
  public void post(Runnable event) {
    outside.queue().accept(event);
  }

  /**
   * Reads the journal and takes its tasks up again, before anything else.
   *
   * @throws IOException if it cannot, or this agent is not what it was and may not be another
   */
  public void recover(Reconfiguration policy) throws IOException {
    AgentState read = AgentState.EMPTY;
    for (JournalRecord record : journal.read()) {
      read = AgentApply.apply(read, record);
    }
    state = read;
    if (read.head().hasIntroduced()) {
      Optional<String> refusal =
          policy.validate(read.head().getIntroduced(), AgentCalls.info(settings, read));
      if (refusal.isPresent()) {
        throw new IOException(refusal.get());
      }
    }
    compact();
    synced = state;
    LOG.info(
        "Agent {} takes up {} tasks and {} executors; the last command is {}",
        read.agentId(),
        read.tasks().size(),
        read.executors().size(),
        read.lastCommand());
    decide(performer.recover());
    recovered = true;
  }

  // -- The loop ---------------------------------------------------------------------------------

  /** Takes what happened since, and what became due. {@link #act} is for when that is safe. */
  public void take(List<Runnable> events) {
    events.forEach(Runnable::run);
    performer.tick();
    handle(new AgentInput.Tick(outside.link().up()));
  }

  /**
   * All that was taken is safe: acts on it.
   *
   * @return false if there was nothing to do; otherwise there may be more to make safe
   * @throws IOException if the journal cannot be written anew
   */
  public boolean act() throws IOException {
    synced = state;
    if (journal.bytes() > compactAtBytes) {
      compact();
    }
    if (afterSync.isEmpty()) {
      return false;
    }
    List<Runnable> actions = afterSync;
    afterSync = new ArrayList<>();
    actions.forEach(Runnable::run);
    if (state != synced) {
      decide(new AgentInput.Tick(outside.link().up()));
    }
    return true;
  }

  /** Whether this agent was told to shut down. */
  public boolean stopped() {
    return performer.stopped();
  }

  /** Writes the journal anew, as one record. The next time it has doubled, and has grown enough. */
  private void compact() throws IOException {
    journal.replace(List.of(JournalRecord.newBuilder().setSnapshot(state.snapshot()).build()));
    compactAtBytes = Math.max(settings.journalBytesMax(), 2 * journal.bytes());
  }

  /** Takes an input. Runs that it may end are looked at first: they may have ended by then. */
  private void handle(AgentInput input) {
    List<AgentInput.RunEnd> ends = performer.ended(AgentDecide.looksFirst(state, input));
    if (!ends.isEmpty()) {
      decide(new AgentInput.RunsEnded(ends));
    }
    decide(input);
  }

  private Optional<ExecutorCallRefusal> decide(AgentInput input) {
    AgentDecision decision = rules.decide(state, input, outside.sources().moment());
    try {
      for (JournalRecord record : decision.records()) {
        journal.append(record);
        if (record.hasExecutorEnded()) {
          LOG.info(
              "Executor {} of framework {} ended with wait status {}",
              record.getExecutorEnded().getExecutorId(),
              record.getExecutorEnded().getFrameworkId(),
              record.getExecutorEnded().getStatus());
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the journal cannot be written", e);
    }
    state = decision.state();
    decision.actions().forEach(action -> afterSync.add(() -> perform(action)));
    return decision.refusal();
  }

  /**
   * Does what was decided. That one thing cannot be done, for whatever is special about it, must
   * not end the agent: it would do it again at each restart.
   */
  private void perform(AgentAction action) {
    try {
      action.perform(performer);
    } catch (UncheckedIOException e) {
      throw e;
    } catch (RuntimeException e) {
      LOG.error("{} was not done: {}", action.getClass().getSimpleName(), e.toString(), e);
      if (action instanceof AgentAction.LaunchTask launch) {
        handle(new AgentInput.ProcessFailed(launch.task().run(), "Failed to launch: " + e));
      } else if (action instanceof AgentAction.LaunchExecutor launch) {
        handle(new AgentInput.ProcessFailed(launch.executor().run(), "Failed to launch: " + e));
      }
    }
  }

  // -- The link ---------------------------------------------------------------------------------

  @Override
  public AgentCall subscription() {
    return AgentCalls.subscription(settings, synced, outside.isolator().limits());
  }

  @Override
  public void event(AgentEvent event) {
    handle(new AgentInput.MasterSaid(event));
    if (event.hasSubscribed()) {
      LOG.info(
          "Agent {} is registered with {}",
          state.agentId(),
          event.getSubscribed().getMasterInfo().getPid());
    }
  }

  // -- Executors --------------------------------------------------------------------------------

  /**
   * Takes a well-formed call of an executor.
   *
   * @param caller the container that the caller has proven to be in; empty if it has proven none
   * @param stream for the events, if it is a SUBSCRIBE; null for any other call
   * @param answer told why the call is not taken, or that it is, once that is safe
   */
  public void call(
      Call call,
      Optional<String> caller,
      ExecutorStream stream,
      Consumer<Optional<ExecutorCallRefusal>> answer) {
    ExecutorId id = ExecutorId.of(call.getFrameworkId(), call.getExecutorId());
    AgentInput.CallerProof proof =
        caller.isEmpty()
            ? AgentInput.CallerProof.NONE
            : caller.equals(container(id))
                ? AgentInput.CallerProof.OWN
                : AgentInput.CallerProof.OTHER;
    long number = stream == null ? 0 : performer.open(stream);
    Optional<ExecutorCallRefusal> refusal =
        decide(new AgentInput.ExecutorCalled(call, proof, number));
    if (stream != null && refusal.isPresent()) {
      performer.closed(stream);
    }
    afterSync.add(() -> answer.accept(refusal));
  }

  /** The container of an executor's present run. It may be called on any thread. */
  public Optional<String> container(ExecutorId id) {
    AgentState now = state;
    return now.executor(id).map(executor -> executor.run().container(now.agentId()));
  }

  /** A stream broke; its executor comes again, or ends. */
  public void closed(ExecutorStream stream) {
    performer.closed(stream).ifPresent(number -> decide(new AgentInput.StreamClosed(number)));
  }
}
