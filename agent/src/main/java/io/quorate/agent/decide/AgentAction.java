package io.quorate.agent.decide;

import io.quorate.agent.state.AgentExecutor;
import io.quorate.agent.state.AgentTask;
import io.quorate.agent.state.RunId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.executor.Event;
import java.util.List;

/** Something that the agent does to the world. It is done once what was decided is on the disk. */
public sealed interface AgentAction {
  /** Hands the action to the part that does it. */
  void perform(Performer performer);

  /** One method for each kind of action: the compiler sees that none is forgotten. */
  interface Performer {
    void launchTask(LaunchTask action);

    void launchExecutor(LaunchExecutor action);

    void cancelLaunch(CancelLaunch action);

    void signal(Signal action);

    void sweep(Sweep action);

    void touch(Touch action);

    void forget(Forget action);

    void beginChecks(BeginChecks action);

    void deliver(Deliver action);

    void tellExecutor(TellExecutor action);

    void endStream(EndStream action);

    void tellMaster(TellMaster action);

    void tellEnd(TellEnd action);

    void leaveLink(LeaveLink action);

    void carryOut(CarryOut action);

    void stop(Stop action);
  }

  /** Fetches what a task needs and starts it, unless it was started before. */
  record LaunchTask(AgentTask task) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.launchTask(this);
    }
  }

  /** Launches an executor in the same way. */
  record LaunchExecutor(AgentExecutor executor) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.launchExecutor(this);
    }
  }

  /** A launch that is underway does not have to begin; if it began already, it goes on. */
  record CancelLaunch(RunId run) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.cancelLaunch(this);
    }
  }

  /** Sends a signal, TERM or KILL, to all that is of a run. */
  record Signal(RunId run, String name) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.signal(this);
    }
  }

  /** Ends what an ended run left behind; from now on its sandbox is old. */
  record Sweep(RunId run) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.sweep(this);
    }
  }

  /** From now on the sandbox of a run is old. */
  record Touch(RunId run) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.touch(this);
    }
  }

  /** The files of a run are of no more use; the sandbox stays. */
  record Forget(String container) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.forget(this);
    }
  }

  /** Begins the checks of a task, which end when it does. */
  record BeginChecks(AgentTask task) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.beginChecks(this);
    }
  }

  /** Links the volumes of tasks into the sandbox of their executor and sends it their launch. */
  record Deliver(AgentExecutor executor, long stream, List<AgentTask> tasks)
      implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.deliver(this);
    }
  }

  /** Sends an event on the stream of an executor. */
  record TellExecutor(long stream, Event event) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.tellExecutor(this);
    }
  }

  /** Ends the stream of an executor, after what was sent on it. */
  record EndStream(long stream) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.endStream(this);
    }
  }

  /** Sends the master a call, once, on the link as it is then. */
  record TellMaster(AgentCall call) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.tellMaster(this);
    }
  }

  /** Tells the master of the end of an executor's run; that the master took it is an input. */
  record TellEnd(AgentCall call, RunId run) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.tellEnd(this);
    }
  }

  /** Leaves the link and looks for the leader anew. */
  record LeaveLink(String why) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.leaveLink(this);
    }
  }

  /** Makes an operation so on disk. */
  record CarryOut(Command.ApplyOperation operation) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.carryOut(this);
    }
  }

  /** Ends the agent for good. */
  record Stop(String why) implements AgentAction {
    @Override
    public void perform(Performer performer) {
      performer.stop(this);
    }
  }
}
