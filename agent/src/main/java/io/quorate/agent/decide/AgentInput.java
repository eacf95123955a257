package io.quorate.agent.decide;

import com.google.protobuf.ByteString;
import io.quorate.agent.isolate.Limitation;
import io.quorate.agent.state.ContainerFacts;
import io.quorate.agent.state.RunId;
import io.quorate.agent.state.WaitStatus;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.CheckStatusInfo;
import io.quorate.protocol.v1.OperationStatus;
import io.quorate.protocol.v1.executor.Call;
import java.util.List;
import java.util.Optional;

/** Something that happened, and that the agent decides about. */
public sealed interface AgentInput {
  /** Hands the input to the part that decides about it. */
  void accept(Visitor visitor);

  /** One method for each kind of input: the compiler sees that none is forgotten. */
  interface Visitor {
    void recovered(Recovered input);

    void masterSaid(MasterSaid input);

    void executorEndTaken(ExecutorEndTaken input);

    void processStarted(ProcessStarted input);

    void processFailed(ProcessFailed input);

    void processCancelled(ProcessCancelled input);

    void runsEnded(RunsEnded input);

    void executorCalled(ExecutorCalled input);

    void streamClosed(StreamClosed input);

    void deliveryFailed(DeliveryFailed input);

    void healthChecked(HealthChecked input);

    void checked(Checked input);

    void limitExceeded(LimitExceeded input);

    void operationDone(OperationCarriedOut input);

    void tick(Tick input);
  }

  /**
   * How a run ended.
   *
   * @param status empty where nobody could leave one
   * @param limitation what it used too much of
   */
  record RunEnd(RunId run, Optional<WaitStatus> status, Optional<Limitation> limitation) {}

  /**
   * What the files say of a run.
   *
   * @param started whether it was ever started
   * @param pid of its supervisor, or of its container; 0 if it is not known
   * @param facts of its container
   * @param end empty while it runs, or if it was never started
   */
  record RunFound(
      RunId run, boolean started, long pid, ContainerFacts facts, Optional<RunEnd> end) {}

  /**
   * The journal was read. It is the first input.
   *
   * @param runs what was found of each run that is of interest
   * @param leftover containers whose files are there though no such run is known
   */
  record Recovered(List<RunFound> runs, List<String> leftover) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.recovered(this);
    }
  }

  /** The master sent an event over the link. */
  record MasterSaid(AgentEvent event) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.masterSaid(this);
    }
  }

  /** The master took note of the end of an executor. */
  record ExecutorEndTaken(RunId run) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.executorEndTaken(this);
    }
  }

  /**
   * A run was started.
   *
   * @param facts of its container
   */
  record ProcessStarted(RunId run, long pid, ContainerFacts facts) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.processStarted(this);
    }
  }

  /** A run was not started; why is for the framework. */
  record ProcessFailed(RunId run, String why) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.processFailed(this);
    }
  }

  /** A run was not started, for its launch was cancelled. */
  record ProcessCancelled(RunId run) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.processCancelled(this);
    }
  }

  /** Runs ended, and that was found out at the same time: none of them was ended by another. */
  record RunsEnded(List<RunEnd> ends) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.runsEnded(this);
    }
  }

  /** What the caller of the executor API has proven: by its token, or by its socket. */
  enum CallerProof {
    /** It is in the container of the executor that it speaks for. */
    OWN,
    /** It is in another container. */
    OTHER,
    /** It has proven nothing. */
    NONE
  }

  /**
   * An executor made a well-formed call.
   *
   * @param proof what the caller has proven
   * @param stream the number of the stream for its events, if it is a SUBSCRIBE
   */
  record ExecutorCalled(Call call, CallerProof proof, long stream) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.executorCalled(this);
    }
  }

  /** A stream broke; its executor comes again, or ends. */
  record StreamClosed(long stream) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.streamClosed(this);
    }
  }

  /** Tasks were not delivered to their executor; why is for the framework. */
  record DeliveryFailed(List<RunId> tasks, String why) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.deliveryFailed(this);
    }
  }

  /**
   * A health check has something to tell.
   *
   * @param over whether the task is to be ended for it
   */
  record HealthChecked(RunId run, boolean healthy, boolean over, String why) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.healthChecked(this);
    }
  }

  /** A check has another result than before. */
  record Checked(RunId run, CheckStatusInfo status) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.checked(this);
    }
  }

  /** A run uses more than it may. */
  record LimitExceeded(RunId run, Limitation limitation) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.limitExceeded(this);
    }
  }

  /** An operation was carried out, or failed; the status has no uuid yet. */
  record OperationCarriedOut(ByteString operation, OperationStatus status) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.operationDone(this);
    }
  }

  /**
   * Time went by.
   *
   * @param linked whether the master can be told something
   */
  record Tick(boolean linked) implements AgentInput {
    @Override
    public void accept(Visitor visitor) {
      visitor.tick(this);
    }
  }
}
