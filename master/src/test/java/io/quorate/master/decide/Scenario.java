package io.quorate.master.decide;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.log.Position;
import io.quorate.log.RowReader;
import io.quorate.log.RowWriter;
import io.quorate.master.allocator.DrfAllocator;
import io.quorate.master.effect.Effect;
import io.quorate.master.effect.Effects;
import io.quorate.master.event.AgentLinkCall;
import io.quorate.master.event.BecomeLeader;
import io.quorate.master.event.Call;
import io.quorate.master.event.CloseStream;
import io.quorate.master.event.Entry;
import io.quorate.master.event.FireTimers;
import io.quorate.master.event.Record;
import io.quorate.master.event.SchedulerCall;
import io.quorate.master.leader.MasterMachine;
import io.quorate.master.state.Agent;
import io.quorate.master.state.AgentId;
import io.quorate.master.state.MasterState;
import io.quorate.master.state.OfferId;
import io.quorate.master.state.Tables;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.resources.ResourceText;
import io.quorate.protocol.resources.Resources;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.AgentInfo;
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
import io.quorate.protocol.v1.scheduler.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Drives the real rules by calls and shows what the world would be told. After every call it checks
 * for free: the log replayed gives the live state; so do the rows written; no agent's resources are
 * held twice.
 */
final class Scenario {
  static final String CLUSTER = "c";
  static final long SECOND = 1_000_000_000L;
  private static final long START = 1_000 * SECOND;

  private final Map<String, TreeMap<byte[], byte[]>> rows = new TreeMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private final MasterMachine replica;
  private final Policy policy;
  private MasterState state = MasterState.EMPTY;
  private Decision last;
  private long now = START;
  private long index;
  private int uuids;
  private List<Effect> lastEffects = List.of();

  Scenario() {
    this(Policy.DEFAULT);
  }

  Scenario(Policy policy) {
    this.policy = policy;
    this.replica = new MasterMachine(this::committed);
    lead(1);
  }

  private void committed(MasterMachine.Commit commit) {
    List<Effect> told = new ArrayList<>();
    for (List<MasterMachine.Step> call : commit.calls()) {
      Effects each = new Effects(new Effects.LinkTerms(15, 75));
      call.forEach(step -> each.add(step.before(), step.event(), step.after()));
      if (!call.isEmpty()) {
        told.addAll(each.all(commit.after()));
      }
    }
    lastEffects = told;
    effects.addAll(told);
  }

  MasterState state() {
    return state;
  }

  Scenario lead(long term) {
    return call(
        Call.newBuilder()
            .setBecomeLeader(
                BecomeLeader.newBuilder()
                    .setTerm(term)
                    .setMasterInfo(MasterInfo.newBuilder().setId("m").setIp(1).setPort(5050))
                    .setNewClusterId(CLUSTER)
                    .setFrameworkGraceNanos(60 * SECOND)));
  }

  /** Decides, checks, applies to the replica. */
  Scenario call(Call.Builder call) {
    MasterState at = state.at(now).settled();
    last = Decide.decide(at, call.build(), policy);
    lastEffects = List.of();
    if (last instanceof Decision.Accepted accepted) {
      Entry entry =
          Entry.newBuilder()
              .setFormatVersion(1)
              .setFeatureLevel(1)
              .setTimeNanos(now)
              .addRecords(Record.newBuilder().setCall(call).addAllEvents(accepted.events()))
              .build();
      replica.apply(new Position(1, ++index), entry.toByteArray(), writer());
      state = accepted.after();
      check();
    }
    return this;
  }

  private void check() {
    assertThat(replica.committed()).as("the replica equals the leader's state").isEqualTo(state);
    assertThat(Tables.read(reader())).as("the rows give the same state").isEqualTo(state);
    for (Agent agent : state.agents().values()) {
      assertThat(agent.total().contains(agent.used().plus(agent.offered())))
          .as("agent %s: %s used and %s offered", agent.id(), agent.used(), agent.offered())
          .isTrue();
    }
  }

  private RowWriter writer() {
    return new RowWriter() {
      @Override
      public void put(String table, byte[] key, byte[] value) {
        rows.computeIfAbsent(table, name -> new TreeMap<>(Arrays::compareUnsigned)).put(key, value);
      }

      @Override
      public void delete(String table, byte[] key) {
        assertThat(rows).containsKey(table);
        rows.get(table).remove(key);
      }
    };
  }

  private RowReader reader() {
    return new RowReader() {
      @Override
      public void forEach(String table, BiConsumer<byte[], byte[]> visitor) {
        rows.getOrDefault(table, new TreeMap<>(Arrays::compareUnsigned)).forEach(visitor);
      }
    };
  }

  Scenario after(double seconds) {
    now += (long) (seconds * SECOND);
    return this;
  }

  Scenario timers() {
    return call(Call.newBuilder().setFireTimers(FireTimers.getDefaultInstance()));
  }

  /** One allocation round. */
  Scenario allocate() {
    return call(Call.newBuilder().setProposeOffers(DrfAllocator.propose(state.at(now))));
  }

  // -- Agents -----------------------------------------------------------------------------------

  Scenario agent(int number, String resources) {
    AgentInfo info =
        AgentInfo.newBuilder()
            .setHostname("h" + number)
            .addAllResources(ResourceText.parse(resources))
            .build();
    AgentCall.Builder subscribe =
        AgentCall.newBuilder()
            .setType(AgentCall.Type.SUBSCRIBE)
            .setSubscribe(
                AgentCall.Subscribe.newBuilder()
                    .setAgentInfo(info)
                    .setVersion("1.11.0")
                    .setRegistrationId("r" + number));
    return agentCall(subscribe, "link" + number);
  }

  Scenario agentCall(AgentCall.Builder call, String linkId) {
    return call(
        Call.newBuilder().setAgent(AgentLinkCall.newBuilder().setCall(call).setLinkId(linkId)));
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
                    .setLatestState(taskState)),
        state.agents().get(agentId(agent)).linkId());
  }

  // -- Frameworks -------------------------------------------------------------------------------

  static FrameworkInfo.Builder framework(String name, FrameworkInfo.Capability.Type... can) {
    FrameworkInfo.Builder info =
        FrameworkInfo.newBuilder().setUser("u").setName(name).setFailoverTimeout(100);
    info.addRoles("*");
    info.addCapabilitiesBuilder().setType(FrameworkInfo.Capability.Type.MULTI_ROLE);
    for (FrameworkInfo.Capability.Type each : can) {
      info.addCapabilitiesBuilder().setType(each);
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
    Offer.Operation.Builder operation = call.getAcceptBuilder().addOperationsBuilder();
    operation.setType(Offer.Operation.Type.LAUNCH);
    for (TaskInfo.Builder task : tasks) {
      operation.getLaunchBuilder().addTaskInfos(task);
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

  // -- What was told ----------------------------------------------------------------------------

  /** What the last call sent on a stream. */
  List<Event> told(String stream) {
    List<Event> events = new ArrayList<>();
    for (Effect effect : lastEffects) {
      if (effect instanceof Effect.ToScheduler to && to.streamId().equals(stream)) {
        events.add(to.event());
      }
    }
    return events;
  }

  List<Event.Type> toldTypes(String stream) {
    return told(stream).stream().map(Event::getType).toList();
  }

  /** The statuses that the last call sent on a stream. */
  List<TaskStatus> statuses(String stream) {
    return told(stream).stream()
        .filter(Event::hasUpdate)
        .map(event -> event.getUpdate().getStatus())
        .toList();
  }

  boolean ended(String stream) {
    return lastEffects.contains(new Effect.EndStream(stream));
  }

  Refusal refusal() {
    assertThat(last).isInstanceOf(Decision.Refused.class);
    return ((Decision.Refused) last).why();
  }

  int events() {
    return ((Decision.Accepted) last).events().size();
  }
}
