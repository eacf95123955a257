package io.quorate.chaos.simulate.agent;

import io.quorate.agent.link.LinkAction;
import io.quorate.agent.link.LinkCore;
import io.quorate.agent.link.LinkInput;
import io.quorate.agent.link.MasterLink;
import io.quorate.chaos.simulate.bug.BugSwitch;
import io.quorate.chaos.simulate.framework.SimulatedClient;
import io.quorate.chaos.simulate.master.SimulatedExchange;
import io.quorate.chaos.simulate.master.SimulatedMember;
import io.quorate.chaos.simulate.world.World;
import io.quorate.master.http.agent.AgentFaceCore;
import io.quorate.master.http.face.Reply;
import io.quorate.master.leader.LeaderLoop;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.AgentEvent;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.v1.MasterInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * The link of one process of an agent: it performs what the product's own {@link LinkCore} decides,
 * on the simulated network and clock. The network may swallow what comes on a link, and even that
 * the link broke, so that the core has to find out by itself.
 */
final class AgentLink implements MasterLink {
  private static final long CONNECT_TIMEOUT = 2 * World.SECOND;

  /** Of the links that break, one in so many breaks without a word. */
  private static final int BREAKS_UNHEARD_ONE_IN = 4;

  private final World world;
  private final SimulatedAgent agent;
  private final AgentProcess process;
  private final LinkCore core;

  /** The latest connection, which the core may have left since. */
  private Connection latest;

  private long timer = Long.MAX_VALUE;

  /** The last command that came, whether the core has taken it or not. */
  private long heard;

  /** The last command that launched a task. */
  private Command launch = Command.getDefaultInstance();

  AgentLink(World world, SimulatedAgent agent, AgentProcess process) {
    this.world = world;
    this.agent = agent;
    this.process = process;
    List<String> masters =
        new ArrayList<>(agent.members().stream().map(SimulatedClient::address).toList());
    Collections.rotate(masters, world.below(masters.size()));
    this.core = new LinkCore(masters);
  }

  private SimulatedMember at(String address) {
    return agent.members().stream()
        .filter(member -> SimulatedClient.address(member).equals(address))
        .findFirst()
        .orElseThrow();
  }

  /** One connection. What a partition swallows of it never comes, nor does anything after. */
  private final class Connection implements SimulatedExchange.Client<AgentEvent> {
    private final long number;
    private final SimulatedMember member;
    private Optional<SimulatedExchange<AgentEvent>> exchange = Optional.empty();
    private boolean answered;
    private boolean deaf;

    Connection(LinkAction.Subscribe subscribe) {
      this.number = subscribe.connection();
      this.member = at(subscribe.master());
    }

    @Override
    public void event(AgentEvent event) {
      if (!deaf) {
        heard = Math.max(heard, event.getCommand().getNumber());
        take(new LinkInput.EventReceived(number, event));
      }
    }

    @Override
    public void broke(String why) {
      boolean unheard = answered && core.isPresent(number) && world.oneIn(BREAKS_UNHEARD_ONE_IN);
      if (unheard) {
        world.note(agent.name() + " does not hear that its link broke");
        deaf = true;
      } else if (!deaf) {
        process.process().run(() -> take(new LinkInput.Broken(number, why)));
      }
    }

    @Override
    public void answered(Reply reply) {
      answered = true;
      if (agent.silent()) {
        deaf = true;
      }
      process.process().run(() -> answeredNow(reply));
    }

    private void answeredNow(Reply reply) {
      if (deaf || !core.isPresent(number)) {
        return;
      }
      String why = reply.body();
      agent.invariants().refused(agent.name() + ": ", why);
      boolean refused = reply.status() == 409 || reply.status() == 410;
      if (refused && !why.contains("maintenance") && !why.contains("has seen term")) {
        agent.wipe();
      } else {
        take(
            new LinkInput.Answered(
                number,
                reply.status(),
                reply.header("Location"),
                reply.header(AgentFaceCore.LINK_ID),
                why));
      }
    }
  }

  /** The Location that a master answers; empty where it knows no leader. */
  private static String leader(LeaderLoop loop) {
    MasterInfo leader = loop == null ? null : loop.view().leader();
    return leader == null ? "" : "//" + leader.getHostname() + ":" + leader.getPort();
  }

  // -- The core's inputs and actions ------------------------------------------------------------

  /** The agent's process has recovered. */
  void start() {
    take(new LinkInput.Started());
  }

  private void take(LinkInput input) {
    core.take(input, world.now(), world.chance().nextLong()).forEach(this::perform);
  }

  private void perform(LinkAction action) {
    if (action instanceof LinkAction.Subscribe subscribe) {
      latest = new Connection(subscribe);
      Connection connection = latest;
      process.post(() -> connect(connection, process.core().subscription()));
    } else if (action instanceof LinkAction.AskWhoLeads question) {
      ask(question);
    } else if (action instanceof LinkAction.Close close) {
      world.note(agent.name() + " has no link: " + close.why());
      latest.deaf = true;
      hangUp();
    } else if (action instanceof LinkAction.SetTimer set) {
      timer = set.atNanos();
      process.process().after(timer - world.now(), () -> timerDue(set.atNanos()));
    } else if (action instanceof LinkAction.Deliver deliver) {
      process.post(() -> deliver(deliver.event()));
    }
  }

  private void timerDue(long at) {
    if (at == timer) {
      timer = Long.MAX_VALUE;
      if (agent.injectedBug().has(BugSwitch.AGENT_STAYS_ON_A_DEAD_LINK)) {
        take(new LinkInput.Heard(latest.number));
      }
      take(new LinkInput.TimerDue());
    }
  }

  private void connect(Connection connection, AgentCall subscription) {
    if (!core.isPresent(connection.number)) {
      return;
    }
    if (agent.silent()) {
      process
          .process()
          .after(
              CONNECT_TIMEOUT,
              () -> take(new LinkInput.Broken(connection.number, "no connection")));
      return;
    }
    AgentCall call = confirmed(subscription);
    connection.exchange =
        Optional.of(
            connection.member.request(
                connection, false, (server, exchange) -> server.agent("", call, exchange)));
  }

  private void ask(LinkAction.AskWhoLeads question) {
    SimulatedMember other = at(question.master());
    process
        .process()
        .after(
            world.latency(),
            () -> {
              String leader = agent.silent() ? "" : leader(other.loop());
              long answer = leader.isEmpty() ? CONNECT_TIMEOUT : world.latency();
              process
                  .process()
                  .after(
                      answer, () -> take(new LinkInput.LeaderNamed(question.connection(), leader)));
            });
  }

  private void deliver(AgentEvent event) {
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
              + " with "
              + event.getSubscribed().getMasterInfo().getHostname());
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

  // -- Faults -----------------------------------------------------------------------------------

  /** The connection is reset, and both sides hear of it. */
  void cut() {
    if (latest != null) {
      long number = latest.number;
      hangUp();
      take(new LinkInput.Broken(number, "reset"));
    }
  }

  /** The master hears that the link is over. */
  private void hangUp() {
    latest.deaf = true;
    latest.exchange.ifPresent(SimulatedExchange::hangUp);
  }

  /** Nothing comes through any more, and nobody tells. */
  void deafen() {
    if (latest != null) {
      latest.deaf = true;
    }
  }

  @Override
  public void leave(String why) {
    world.note(agent.name() + " leaves its link: " + why);
    take(new LinkInput.Left(why));
  }

  /** Says whether the link is open, and what comes on it is heard. */
  boolean works() {
    return up() && !latest.deaf;
  }

  // -- Sending ----------------------------------------------------------------------------------

  @Override
  public boolean up() {
    return core.open().isPresent();
  }

  @Override
  public void send(AgentCall call, Runnable taken) {
    if (core.open().isEmpty() || agent.silent()) {
      return;
    }
    LinkCore.OpenLink link = core.open().get();
    AgentCall sent = confirmed(call);
    at(link.master())
        .request(
            new Sent(link, taken),
            true,
            (server, exchange) -> server.agent(link.linkId(), sent, exchange));
  }

  /** A call on a link that waits for its answer; the agent makes it again if there is none. */
  private final class Sent implements SimulatedExchange.Client<AgentEvent> {
    private final LinkCore.OpenLink link;
    private final Runnable taken;

    Sent(LinkCore.OpenLink link, Runnable taken) {
      this.link = link;
      this.taken = taken;
    }

    @Override
    public void answered(Reply reply) {
      if (reply.status() == 202) {
        process.process().run(() -> process.post(taken));
      } else {
        LinkInput notTaken = new LinkInput.CallNotTaken(link.linkId(), reply.status());
        process.process().run(() -> take(notTaken));
      }
    }

    @Override
    public void event(AgentEvent event) {
      throw new IllegalStateException("an event in the answer to a call");
    }

    @Override
    public void broke(String why) {}
  }

  private AgentCall confirmed(AgentCall call) {
    boolean early =
        agent.injectedBug().has(BugSwitch.AGENT_CONFIRMS_BEFORE_SYNC)
            && heard > call.getCommandsDone();
    return early ? call.toBuilder().setCommandsDone(heard).build() : call;
  }
}
