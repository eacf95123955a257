package io.quorate.chaos.simulate;

import io.quorate.master.leader.Answer;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.v1.AgentID;

/** The link of one process of an agent to whichever master leads, opened again when it breaks. */
final class AgentLink {
  private final World world;
  private final SimulatedAgent agent;
  private final SimulatedProcess process;
  private final Listener listener;
  private int linkedTo = -1;
  private String[] linkId = {""};
  private Link link;
  private int generation;

  /** The agent's side. */
  interface Listener {
    AgentCall.Builder subscription();

    /** The last command that may be told to be done. */
    long done();

    void event(AgentEvent event);

    /** The master does not want it as it is. */
    void refused();
  }

  AgentLink(World world, SimulatedAgent agent, SimulatedProcess process, Listener listener) {
    this.world = world;
    this.agent = agent;
    this.process = process;
    this.listener = listener;
  }

  /** One connection. What a partition swallows of it never comes, nor does anything after. */
  private final class Link implements SimulatedFace.Reader<AgentEvent> {
    private boolean deaf;

    @Override
    public void event(AgentEvent event) {
      if (link == this && !deaf) {
        process.run(() -> listener.event(event));
      }
    }

    @Override
    public void broken() {
      if (link == this) {
        linkedTo = -1;
        retry();
      }
    }
  }

  int linkedTo() {
    return linkedTo;
  }

  void connect() {
    if (linkedTo >= 0 || agent.silent()) {
      return;
    }
    int to = world.below(agent.members().size());
    int asked = ++generation;
    linkedTo = to;
    String[] minted = {""};
    linkId = minted;
    link = new Link();
    agent
        .members()
        .get(to)
        .face()
        .link(
            listener.subscription().build(),
            minted,
            link,
            (answer, failure) -> process.run(() -> answered(asked, answer)));
  }

  private void answered(int asked, Answer answer) {
    if (asked != generation || answer instanceof Answer.Accepted) {
      return;
    }
    linkedTo = -1;
    if (answer instanceof Answer.Refused refused && refused.why().status() != 400) {
      agent.invariants().refused(agent.name() + ": ", refused.why().message());
      boolean maintenance = refused.why().message().contains("maintenance");
      boolean older = refused.why().message().contains("has seen term");
      if (!maintenance && !older) {
        listener.refused();
        return;
      }
    }
    retry();
  }

  private void retry() {
    process.after(world.between(100 * World.MILLI, World.SECOND), this::connect);
  }

  void send(AgentCall.Builder call, Runnable taken) {
    if (linkedTo < 0 || agent.silent() || agent.id().isEmpty()) {
      return;
    }
    call.setAgentId(AgentID.newBuilder().setValue(agent.id())).setCommandsDone(listener.done());
    if (call.hasUpdate()) {
      call.getUpdateBuilder().getStatusBuilder().setAgentId(call.getAgentId());
    }
    agent
        .members()
        .get(linkedTo)
        .face()
        .agentCall(
            call.build(),
            linkId[0],
            (answer, failure) -> {
              if (answer instanceof Answer.Accepted) {
                process.run(taken);
              }
            });
  }

  void cut() {
    if (linkedTo >= 0) {
      agent.members().get(linkedTo).face().breakLink(linkId[0], agent.id());
    }
  }

  void deafen() {
    if (link != null) {
      link.deaf = true;
    }
  }

  /** The partition is over. */
  void heard() {
    if (linkedTo < 0) {
      connect();
    } else {
      cut();
    }
  }
}
