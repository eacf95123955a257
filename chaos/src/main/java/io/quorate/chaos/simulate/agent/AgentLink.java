package io.quorate.chaos.simulate.agent;

import io.quorate.agent.link.MasterLink;
import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.master.SimulatedFace;
import io.quorate.chaos.simulate.world.World;
import io.quorate.master.leader.Answer;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;

/** The link of one process of an agent to whichever master leads, opened again when it breaks. */
final class AgentLink implements MasterLink {
  private final World world;
  private final SimulatedAgent agent;
  private final AgentProcess process;
  private int linkedTo = -1;
  private String[] linkId = {""};
  private Link link;
  private int generation;
  private boolean up;

  /** The last command that came, whether the core has taken it or not. */
  private long heard;

  /** The last command that launched a task. */
  private Command launch = Command.getDefaultInstance();

  AgentLink(World world, SimulatedAgent agent, AgentProcess process) {
    this.world = world;
    this.agent = agent;
    this.process = process;
  }

  /** One connection. What a partition swallows of it never comes, nor does anything after. */
  private final class Link implements SimulatedFace.Reader<AgentEvent> {
    private boolean deaf;

    @Override
    public void event(AgentEvent event) {
      if (link == this && !deaf) {
        heard = Math.max(heard, event.getCommand().getNumber());
        process.post(() -> take(event));
      }
    }

    @Override
    public void broken() {
      if (link == this) {
        retry();
      }
    }
  }

  private void take(AgentEvent event) {
    if (event.hasCommand()) {
      long next = agent.journal().lastCommand() + 1;
      Command command = event.getCommand();
      agent.invariants().commandsHaveNoGaps(agent.name(), next, command.getNumber());
      launch = command.hasLaunch() ? command : launch;
    }
    if (event.hasSubscribed()) {
      world.note(
          agent.name()
              + " is "
              + event.getSubscribed().getAgentId().getValue()
              + " with member "
              + linkedTo);
    }
    process.core().event(event);
    if (event.hasSubscribed() && agent.injectedBug().has(BugSwitch.AGENT_REPEATS_COMMANDS)) {
      repeat(event);
    }
  }

  /** The number is all that an agent knows a command by: with another it is another command. */
  private void repeat(AgentEvent event) {
    if (launch.hasLaunch()) {
      process
          .core()
          .event(
              event.toBuilder()
                  .clearSubscribed()
                  .setType(AgentEvent.Type.COMMAND)
                  .setCommand(launch.toBuilder().setNumber(agent.journal().lastCommand() + 1))
                  .build());
    }
  }

  // -- Opening and breaking ---------------------------------------------------------------------

  void connect() {
    if (linkedTo < 0 && !agent.silent()) {
      linkedTo = world.below(agent.members().size());
      int asked = ++generation;
      process.post(() -> subscribe(asked, process.core().subscription()));
    }
  }

  private void subscribe(int asked, AgentCall subscription) {
    if (asked != generation || linkedTo < 0) {
      return;
    }
    String[] minted = {""};
    linkId = minted;
    link = new Link();
    agent
        .members()
        .get(linkedTo)
        .face()
        .link(
            confirmed(subscription),
            minted,
            link,
            (answer, failure) -> process.process().run(() -> answered(asked, answer)));
  }

  private void answered(int asked, Answer answer) {
    if (asked != generation || linkedTo < 0) {
      return;
    }
    if (answer instanceof Answer.Accepted) {
      up = true;
      return;
    }
    if (answer instanceof Answer.Refused refused && refused.why().status() != 400) {
      agent.invariants().refused(agent.name() + ": ", refused.why().message());
      boolean maintenance = refused.why().message().contains("maintenance");
      boolean older = refused.why().message().contains("has seen term");
      if (!maintenance && !older) {
        agent.wipe();
        return;
      }
    }
    retry();
  }

  private void retry() {
    linkedTo = -1;
    up = false;
    link = null;
    process.process().after(world.between(100 * World.MILLI, World.SECOND), this::connect);
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
  void heardAgain() {
    if (linkedTo < 0) {
      connect();
    } else {
      cut();
    }
  }

  @Override
  public void leave(String why) {
    world.note(agent.name() + " leaves its link: " + why);
    cut();
    if (linkedTo >= 0) {
      retry();
    }
  }

  // -- Sending ----------------------------------------------------------------------------------

  @Override
  public boolean up() {
    return up;
  }

  @Override
  public void send(AgentCall call, Runnable taken) {
    if (!up || agent.silent()) {
      return;
    }
    Link on = link;
    agent
        .members()
        .get(linkedTo)
        .face()
        .agentCall(
            confirmed(call),
            linkId[0],
            (answer, failure) ->
                process
                    .process()
                    .run(
                        () -> {
                          if (answer instanceof Answer.Accepted) {
                            process.post(taken);
                          } else if (link == on && (answer != null || failure != null)) {
                            leave("a call was not taken");
                          }
                        }));
  }

  private AgentCall confirmed(AgentCall call) {
    boolean early =
        agent.injectedBug().has(BugSwitch.AGENT_CONFIRMS_BEFORE_SYNC)
            && heard > call.getCommandsDone();
    return early ? call.toBuilder().setCommandsDone(heard).build() : call;
  }
}
