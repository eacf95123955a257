package io.quorate.master.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.log.Position;
import io.quorate.master.allocator.Allocator;
import io.quorate.master.allocator.AllocatorSettings;
import io.quorate.master.allocator.InverseOfferRound;
import io.quorate.master.decide.draft.Decision;
import io.quorate.master.decide.draft.Policy;
import io.quorate.master.decide.draft.Refusal;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.BecomeLeader;
import io.quorate.master.event.Call;
import io.quorate.master.event.CloseLink;
import io.quorate.master.event.CloseStream;
import io.quorate.master.event.Entry;
import io.quorate.master.event.FireTimers;
import io.quorate.master.event.MarkUnreachable;
import io.quorate.master.event.OperatorCall;
import io.quorate.master.event.ProposeOffers;
import io.quorate.master.event.ProposedOffer;
import io.quorate.master.event.Record;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.state.Changes;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Role;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.AgentId;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.master.state.id.OfferId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.agentlink.Command;
import io.quorate.protocol.agentlink.TaskReport;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.CommandInfo;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.MasterInfo;
import io.quorate.protocol.v1.Offer;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskInfo;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Drives the real rules by calls and shows what the world would be told. After every call it checks
 * for free: the log replayed gives the live state; so do the rows written; no agent's resources are
 * held twice.
 */
final class Scenario extends Told {
  static final String CLUSTER = "c";
  static final long SECOND = 1_000_000_000L;
  private static final long START = 1_000 * SECOND;

  private final Replica replica = new Replica();
  private final Policy policy;
  private MasterState state = MasterState.EMPTY;
  private Decision last;
  private long now = START;
  private long index;
  private int uuids;
  private int links;
  private final AllocatorSettings settings;
  private final Allocator allocator;
  private Changes changes = Changes.everything();

  Scenario() {
    this(Policy.DEFAULT);
  }

  Scenario(Policy policy) {
    this(policy, AllocatorSettings.DEFAULT);
  }

  Scenario(Policy policy, AllocatorSettings settings) {
    this.policy = policy;
    this.settings = settings;
    this.allocator = new Allocator(settings);
    lead(1);
  }

  MasterState state() {
    return state;
  }

  List<Task> completedTasks(int framework) {
    return replica.completedTasks(state, new FrameworkId(id(framework)));
  }

  Scenario lead(long term) {
    return lead(term, "");
  }

  /** The leader is in a region, unless that is empty. */
  Scenario lead(long term, String region) {
    MasterInfo.Builder master = MasterInfo.newBuilder().setId("m").setIp(1).setPort(5050);
    if (!region.isEmpty()) {
      var domain = master.getDomainBuilder().getFaultDomainBuilder();
      domain.getRegionBuilder().setName(region);
      domain.getZoneBuilder().setName("z");
    }
    return call(
        Call.newBuilder()
            .setBecomeLeader(
                BecomeLeader.newBuilder()
                    .setTerm(term)
                    .setMasterInfo(master)
                    .setNewClusterId(CLUSTER)
                    .setFrameworkGraceNanos(60 * SECOND)));
  }

  /** Decides, checks, applies to the replica. */
  Scenario call(Call.Builder call) {
    MasterState at = state.at(now).settled();
    last = Decide.decide(at, call.build(), policy);
    tell(List.of());
    if (last instanceof Decision.Accepted accepted) {
      Entry entry =
          Entry.newBuilder()
              .setFormatVersion(1)
              .setFeatureLevel(1)
              .setTimeNanos(now)
              .addRecords(Record.newBuilder().setCall(call).addAllEvents(accepted.events()))
              .build();
      tell(replica.apply(new Position(1, ++index), entry));
      state = accepted.after();
      changes.add(Changes.of(state));
      replica.check(state);
    }
    return this;
  }

  Scenario after(double seconds) {
    now += (long) (seconds * SECOND);
    return this;
  }

  Scenario timers() {
    return call(Call.newBuilder().setFireTimers(FireTimers.getDefaultInstance()));
  }

  /** An allocator that saw every change says the same as one that sees the state anew. */
  private List<ProposedOffer> proposal(MasterState frozen) {
    List<ProposedOffer> offers = allocator.propose(frozen, changes, true);
    changes = new Changes();
    assertThat(offers)
        .isEqualTo(new Allocator(settings).propose(frozen, Changes.everything(), true));
    return offers;
  }

  /** One allocation round. No limit is passed by it. */
  Scenario allocate() {
    MasterState frozen = state.at(now);
    call(
        Call.newBuilder()
            .setProposeOffers(
                ProposeOffers.newBuilder()
                    .addAllOffers(proposal(frozen))
                    .addAllInverseOffers(InverseOfferRound.propose(frozen))));
    for (Role role : state.roles().values()) {
      role.limits()
          .millis()
          .forEach(
              (name, limit) ->
                  assertThat(state.consumed(role.name()).millis(name))
                      .as("%s of %s", name, role)
                      .isLessThanOrEqualTo(
                          Math.max(limit, frozen.consumed(role.name()).millis(name))));
    }
    return this;
  }

  // -- Agents -----------------------------------------------------------------------------------

  Scenario agent(int number, String resources) {
    return agentCall(AgentCalls.registration(number, resources), "link" + number);
  }

  /** The agent comes back with its id, having carried out all commands, with these tasks. */
  Scenario reconnect(int number, String resources, TaskReport... tasks) {
    AgentId id = agentId(number);
    AgentCall.Builder call = AgentCalls.registration(number, resources);
    call.setAgentId(AgentID.newBuilder().setValue(id.value()))
        .setCommandsDone(state.agents().find(id).map(Agent::lastCommand).orElse(0L));
    call.getSubscribeBuilder().addAllTasks(Arrays.asList(tasks));
    return agentCall(call, "link" + number + "-" + ++links);
  }

  Scenario closeLink(int number) {
    return call(
        Call.newBuilder()
            .setCloseLink(
                CloseLink.newBuilder()
                    .setAgentId(agentId(number).value())
                    .setLinkId(state.agents().get(agentId(number)).linkId())));
  }

  Scenario unreachable(int number) {
    return call(
        Call.newBuilder()
            .setMarkUnreachable(MarkUnreachable.newBuilder().setAgentId(agentId(number).value())));
  }

  // -- Operators --------------------------------------------------------------------------------

  Scenario operator(io.quorate.protocol.v1.master.Call.Builder call) {
    return call(Call.newBuilder().setOperator(OperatorCall.newBuilder().setCall(call)));
  }

  Scenario agentCall(AgentCall.Builder call, String linkId) {
    return agentCall(call, linkId, "");
  }

  Scenario agentCall(AgentCall.Builder call, String linkId, String address) {
    return call(
        Call.newBuilder()
            .setAgent(
                AgentLinkCall.newBuilder().setCall(call).setLinkId(linkId).setAddress(address)));
  }

  static AgentId agentId(int number) {
    return new AgentId(CLUSTER + "-S" + number);
  }

  /** An update of an agent's; its uuid. */
  ByteString update(int agent, String framework, String task, TaskState taskState) {
    ByteString uuid = ByteString.copyFromUtf8(String.format("%016d", ++uuids));
    update(agent, framework, task, taskState, uuid);
    return uuid;
  }

  Scenario update(int agent, String framework, String task, TaskState taskState, ByteString uuid) {
    return updateAgain(agent, framework, task, taskState, uuid, taskState);
  }

  /** An update that is sent while the task is in a later state already. */
  Scenario updateAgain(
      int agent,
      String framework,
      String task,
      TaskState taskState,
      ByteString uuid,
      TaskState latest) {
    return agentCall(
        AgentCall.newBuilder()
            .setType(AgentCall.Type.UPDATE)
            .setAgentId(AgentID.newBuilder().setValue(agentId(agent).value()))
            .setUpdate(
                AgentCall.Update.newBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(framework))
                    .setStatus(
                        TaskStatus.newBuilder()
                            .setTaskId(TaskID.newBuilder().setValue(task))
                            .setAgentId(AgentID.newBuilder().setValue(agentId(agent).value()))
                            .setState(taskState)
                            .setUuid(uuid))
                    .setLatestState(latest)),
        state.agents().get(agentId(agent)).linkId());
  }

  // -- Frameworks -------------------------------------------------------------------------------

  static FrameworkInfo.Builder framework(String name, FrameworkInfo.Capability.Type... can) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder().setUser("u").setName(name).setFailoverTimeout(100);
    info.addRoles("*");
    info.addCapabilitiesBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE);
    for (FrameworkInfo.Capability.Type capability : can) {
      info.addCapabilitiesBuilder().setType(capability);
    }
    return info;
  }

  Scenario subscribe(FrameworkInfo.Builder info, String stream) {
    io.quorate.protocol.v1.scheduler.Call.Builder call =
        io.quorate.protocol.v1.scheduler.Call.newBuilder()
            .setType(io.quorate.protocol.v1.scheduler.Call.Type.SUBSCRIBE);
    call.getSubscribeBuilder().setFrameworkInfo(info);
    if (info.hasId()) {
      call.setFrameworkId(info.getId());
    }
    return schedulerCall(call, stream);
  }

  /** The first framework subscribes again as it is, on the stream "again". */
  Scenario subscribeAgain() {
    return subscribe(state.frameworks().get(new FrameworkId(id(0))).info().toBuilder(), "again");
  }

  Scenario schedulerCall(io.quorate.protocol.v1.scheduler.Call.Builder call, String stream) {
    SchedulerCall.Builder asked = SchedulerCall.newBuilder().setCall(call);
    if (stream != null) {
      asked.setStreamId(stream);
    }
    return call(Call.newBuilder().setScheduler(asked));
  }

  static String id(int number) {
    return String.format("%s-%04d", CLUSTER, number);
  }

  static io.quorate.protocol.v1.scheduler.Call.Builder from(
      int framework, io.quorate.protocol.v1.scheduler.Call.Type type) {
    return io.quorate.protocol.v1.scheduler.Call.newBuilder()
        .setType(type)
        .setFrameworkId(FrameworkID.newBuilder().setValue(id(framework)));
  }

  Scenario breakStream(int framework, String stream) {
    return call(
        Call.newBuilder()
            .setCloseStream(
                CloseStream.newBuilder().setFrameworkId(id(framework)).setStreamId(stream)));
  }

  /** ACCEPT with LAUNCH of tasks on the outstanding offers of an agent to a framework. */
  Scenario launch(int framework, String stream, List<String> offers, TaskInfo.Builder... tasks) {
    io.quorate.protocol.v1.scheduler.Call.Builder call =
        from(framework, io.quorate.protocol.v1.scheduler.Call.Type.ACCEPT);
    offers.forEach(
        offer -> call.getAcceptBuilder().addOfferIds(OfferID.newBuilder().setValue(offer)));
    call.getAcceptBuilder().addOperations(launching(tasks));
    return schedulerCall(call, stream);
  }

  static Offer.Operation.Builder launching(TaskInfo.Builder... tasks) {
    Offer.Operation.Builder operation =
        Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH);
    for (TaskInfo.Builder task : tasks) {
      operation.getLaunchBuilder().addTaskInfos(task);
    }
    return operation;
  }

  /** ACCEPT of all outstanding offers, with these operations. */
  Scenario accept(int framework, String stream, Offer.Operation.Builder... operations) {
    io.quorate.protocol.v1.scheduler.Call.Builder call =
        from(framework, io.quorate.protocol.v1.scheduler.Call.Type.ACCEPT);
    offers()
        .forEach(
            offer -> call.getAcceptBuilder().addOfferIds(OfferID.newBuilder().setValue(offer)));
    for (Offer.Operation.Builder operation : operations) {
      call.getAcceptBuilder().addOperations(operation);
    }
    return schedulerCall(call, stream);
  }

  static TaskInfo.Builder task(String id, int agent, String resources) {
    return TaskInfo.newBuilder()
        .setName(id)
        .setTaskId(TaskID.newBuilder().setValue(id))
        .setAgentId(AgentID.newBuilder().setValue(agentId(agent).value()))
        .setCommand(CommandInfo.newBuilder().setValue("true"))
        .addAllResources(ResourceText.parse(resources));
  }

  /** Ids of all outstanding offers. */
  List<String> offers() {
    List<String> ids = new ArrayList<>();
    state.offers().values().forEach(offer -> ids.add(offer.id().value()));
    return ids;
  }

  Resources offered(String id) {
    return state.offers().get(new OfferId(id)).resources();
  }

  /** The commands that the agent has not confirmed, oldest first. */
  List<Command> commands(int agent) {
    List<Command> commands = new ArrayList<>();
    Agent to = state.agents().get(agentId(agent));
    state.commandsAfter(to.id(), to.commandsDone()).forEach(commands::add);
    return commands;
  }

  Refusal refusal() {
    assertThat(last).isInstanceOf(Decision.Refused.class);
    return ((Decision.Refused) last).why();
  }

  int events() {
    return ((Decision.Accepted) last).events().size();
  }
}
