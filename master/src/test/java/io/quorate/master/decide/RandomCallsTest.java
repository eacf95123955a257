package io.quorate.master.decide;

import static io.quorate.master.decide.Scenario.agentId;
import static io.quorate.master.decide.Scenario.framework;
import static io.quorate.master.decide.Scenario.from;
import static io.quorate.master.decide.Scenario.id;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.quorate.master.event.CloseLink;
import io.quorate.master.event.MarkUnreachable;
import io.quorate.master.state.entity.Agent;
import io.quorate.master.state.entity.Framework;
import io.quorate.master.state.entity.Task;
import io.quorate.master.state.id.FrameworkId;
import io.quorate.protocol.agentlink.AgentCall;
import io.quorate.protocol.v1.AgentID;
import io.quorate.protocol.v1.FrameworkID;
import io.quorate.protocol.v1.FrameworkInfo;
import io.quorate.protocol.v1.OfferID;
import io.quorate.protocol.v1.TaskID;
import io.quorate.protocol.v1.TaskState;
import io.quorate.protocol.v1.TaskStatus;
import io.quorate.protocol.v1.Value;
import io.quorate.protocol.v1.scheduler.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random calls: valid, late, repeated, nonsense, and at odds with themselves. After each, {@link
 * Scenario} checks that the replica and the rows equal the live state and that no resource is in
 * two hands; here, that each task has one end, that ids are never used twice, and that in the end
 * all is back to nothing.
 */
class RandomCallsTest {
  private static final int CALLS = 150;
  private static final int FRAMEWORKS = 3;
  private static final int AGENTS = 3;

  static LongStream seeds() {
    return LongStream.range(0, 60);
  }

  private final Scenario scenario = new Scenario();
  private final Map<String, TaskState> ends = new HashMap<>();
  private final List<String> streams = new ArrayList<>();
  private final List<Call.Builder> sent = new ArrayList<>();
  private SplittableRandom random;
  private RandomOrders orders;
  private RandomLaunches launches;
  private long term = 1;
  private int names;

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  @DisplayName("invariants under random calls")
  void shouldKeepInvariants(long seed) {
    random = new SplittableRandom(seed);
    orders = new RandomOrders(scenario, random.split());
    launches = new RandomLaunches(random.split());
    for (int i = 0; i < AGENTS; i++) {
      scenario.agent(i, "cpus:4;mem:1024;disk:200;ports:[31000-31009];zones:{a,b,c}");
    }
    for (int i = 0; i < CALLS; i++) {
      step();
      checkEnds();
      checkHoldings();
    }
    tearAllDown();
    assertThat(scenario.state().offers().isEmpty()).isTrue();
    assertThat(scenario.state().filters().isEmpty()).isTrue();
    assertThat(scenario.state().tasks().isEmpty()).isTrue();
    assertThat(scenario.state().executors().isEmpty()).isTrue();
    assertThat(scenario.state().accepts().isEmpty()).isTrue();
    assertThat(scenario.state().inverseOffers().isEmpty()).isTrue();
    for (Agent agent : scenario.state().agents().values()) {
      assertThat(agent.free()).isEqualTo(agent.total());
    }
    // Agents that never come back are forgotten in the end, the others do what they were told.
    orders.finishOperations();
    for (Agent agent : scenario.state().agents().values()) {
      if (!agent.connected()) {
        scenario.unreachable(Integer.parseInt(agent.id().value().substring("c-S".length())));
      }
    }
    scenario.after(15 * 24 * 3600).timers();
    assertThat(scenario.state().timers()).isEmpty();
    assertThat(scenario.state().operations().isEmpty()).isTrue();
  }

  private void step() {
    scenario.after(random.nextDouble(3));
    switch (random.nextInt(20)) {
      case 14, 15, 16, 17, 18 -> orders.step();
      case 0 -> subscribe();
      case 1, 2, 3 -> scenario.allocate();
      case 4, 5 -> launch();
      case 6, 7 -> update();
      case 8 -> acknowledge();
      case 9 -> decline();
      case 10 -> scenario.timers();
      case 11 -> agentTrouble();
      case 12 -> repeat();
      default -> rare();
    }
  }

  private String stream(int framework) {
    return scenario
        .state()
        .frameworks()
        .find(new FrameworkId(id(framework)))
        .map(Framework::streamId)
        .orElse("none");
  }

  private void subscribe() {
    FrameworkInfo.Builder info =
        framework(
            "f",
            FrameworkInfo.Capability.Type.PARTITION_AWARE,
            FrameworkInfo.Capability.Type.RESERVATION_REFINEMENT,
            FrameworkInfo.Capability.Type.SHARED_RESOURCES);
    info.addRoles("dev").setCheckpoint(random.nextInt(3) > 0);
    info.setFailoverTimeout(random.nextInt(20));
    int known = random.nextInt(FRAMEWORKS);
    if (scenario.state().cluster().next().framework() >= FRAMEWORKS) {
      info.setId(FrameworkID.newBuilder().setValue(id(known)));
    }
    String stream = "s" + names++;
    streams.add(stream);
    scenario.subscribe(info, stream);
  }

  private void launch() {
    List<String> offers = scenario.offers();
    String offer =
        offers.isEmpty() || random.nextInt(8) == 0
            ? "c-O" + random.nextInt(20)
            : offers.get(random.nextInt(offers.size()));
    int framework = random.nextInt(FRAMEWORKS);
    int agent = random.nextInt(AGENTS);
    if (offers.contains(offer)) {
      var real = scenario.state().offers().get(new io.quorate.master.state.id.OfferId(offer));
      agent = Integer.parseInt(real.agent().value().substring("c-S".length()));
      framework = Integer.parseInt(real.framework().value().substring("c-".length()));
    }
    Call.Builder call = from(framework, Call.Type.ACCEPT);
    call.getAcceptBuilder().addOfferIds(OfferID.newBuilder().setValue(offer));
    for (int i = random.nextInt(2); i >= 0; i--) {
      call.getAcceptBuilder().addOperations(launches.operation(framework, agent));
    }
    call.getAcceptBuilder().getFiltersBuilder().setRefuseSeconds(random.nextInt(4));
    send(call, framework);
  }

  private void send(Call.Builder call, int framework) {
    sent.add(call);
    scenario.schedulerCall(call, random.nextInt(20) == 0 ? "stale" : stream(framework));
  }

  private List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    scenario.state().tasks().values().forEach(tasks::add);
    return tasks;
  }

  private void update() {
    List<Task> tasks = tasks();
    if (tasks.isEmpty()) {
      return;
    }
    Task task = tasks.get(random.nextInt(tasks.size()));
    int agent = Integer.parseInt(task.agent().value().substring("c-S".length()));
    TaskState[] states = {
      TaskState.TASK_STARTING,
      TaskState.TASK_RUNNING,
      TaskState.TASK_FINISHED,
      TaskState.TASK_FAILED
    };
    String framework = task.key().framework().value();
    if (task.pending().hasUuid() && random.nextBoolean()) {
      ByteString again = task.pending().getUuid();
      scenario.update(agent, framework, task.key().taskId(), task.pending().getState(), again);
    } else if (!task.pending().hasUuid()) {
      scenario.update(agent, framework, task.key().taskId(), states[random.nextInt(states.length)]);
    }
  }

  private void acknowledge() {
    for (Task task : tasks()) {
      if (task.pending().hasUuid() && random.nextInt(3) > 0) {
        Call.Builder call = from(0, Call.Type.ACKNOWLEDGE);
        call.setFrameworkId(FrameworkID.newBuilder().setValue(task.key().framework().value()));
        call.getAcknowledgeBuilder()
            .setAgentId(AgentID.newBuilder().setValue(task.agent().value()))
            .setTaskId(TaskID.newBuilder().setValue(task.key().taskId()))
            .setUuid(task.pending().getUuid());
        sent.add(call);
        scenario.schedulerCall(
            call, scenario.state().frameworks().get(task.key().framework()).streamId());
      }
    }
  }

  private void decline() {
    List<String> offers = scenario.offers();
    if (!offers.isEmpty()) {
      Call.Builder call = from(random.nextInt(FRAMEWORKS), Call.Type.DECLINE);
      offers.forEach(
          offer -> call.getDeclineBuilder().addOfferIds(OfferID.newBuilder().setValue(offer)));
      call.getDeclineBuilder().getFiltersBuilder().setRefuseSeconds(random.nextInt(10) - 2);
      send(call, random.nextInt(FRAMEWORKS));
    }
  }

  /** The same call again: as after a connection that broke before the answer came. */
  private void repeat() {
    if (!sent.isEmpty()) {
      Call.Builder call = sent.get(random.nextInt(sent.size()));
      int framework = Integer.parseInt(call.getFrameworkId().getValue().substring("c-".length()));
      scenario.schedulerCall(call.clone(), stream(framework));
    }
  }

  private void agentTrouble() {
    int number = random.nextInt(AGENTS);
    Agent agent = scenario.state().agents().find(agentId(number)).orElse(null);
    if (agent == null) {
      // Marked gone by an operator.
      return;
    }
    switch (random.nextInt(3)) {
      case 0 ->
          scenario.call(
              io.quorate.master.event.Call.newBuilder()
                  .setCloseLink(
                      CloseLink.newBuilder()
                          .setAgentId(agent.id().value())
                          .setLinkId(agent.linkId())));
      case 1 ->
          scenario.call(
              io.quorate.master.event.Call.newBuilder()
                  .setMarkUnreachable(MarkUnreachable.newBuilder().setAgentId(agent.id().value())));
      default -> back(agent, number);
    }
  }

  /** The agent subscribes with what it should know, less what it happens to have lost. */
  private void back(Agent agent, int number) {
    AgentCall.Builder call =
        AgentCall.newBuilder()
            .setType(AgentCall.Type.SUBSCRIBE)
            .setAgentId(AgentID.newBuilder().setValue(agent.id().value()))
            .setCommandsDone(agent.lastCommand());
    call.getSubscribeBuilder()
        .setAgentInfo(agent.info())
        .setVersion("1.11.0")
        .setRegistrationId(agent.registrationId());
    scenario
        .state()
        .tasksOn(agent.id())
        .forEach(
            key -> {
              if (random.nextInt(10) > 0) {
                call.getSubscribeBuilder()
                    .addTasksBuilder()
                    .setFrameworkId(FrameworkID.newBuilder().setValue(key.framework().value()))
                    .setTaskId(TaskID.newBuilder().setValue(key.taskId()))
                    .setState(scenario.state().tasks().get(key).state());
              }
            });
    scenario.agentCall(call, "link" + number + "-" + names++);
  }

  private void rare() {
    int framework = random.nextInt(FRAMEWORKS);
    switch (random.nextInt(8)) {
      case 6 -> quota();
      case 7 -> weight();
      case 0 -> scenario.lead(++term);
      case 1 -> scenario.breakStream(framework, stream(framework));
      case 2 -> send(from(framework, Call.Type.REVIVE), framework);
      case 3 -> send(from(framework, Call.Type.SUPPRESS), framework);
      case 4 -> {
        Call.Builder call = from(framework, Call.Type.RECONCILE);
        call.getReconcileBuilder();
        send(call, framework);
      }
      default -> {
        Call.Builder call = from(framework, Call.Type.KILL);
        call.getKillBuilder().setTaskId(TaskID.newBuilder().setValue("t" + random.nextInt(40)));
        send(call, framework);
      }
    }
  }

  private void quota() {
    var call =
        io.quorate.protocol.v1.master.Call.newBuilder()
            .setType(io.quorate.protocol.v1.master.Call.Type.UPDATE_QUOTA);
    call.getUpdateQuotaBuilder().setForce(random.nextBoolean());
    for (String role : List.of("dev", "ops")) {
      var config = call.getUpdateQuotaBuilder().addQuotaConfigsBuilder().setRole(role);
      if (random.nextBoolean()) {
        config.putLimits("cpus", cpus(random.nextInt(8)));
      }
      if (random.nextBoolean()) {
        config.putGuarantees("cpus", cpus(random.nextInt(5)));
      }
    }
    scenario.operator(call);
  }

  private static Value.Scalar cpus(double value) {
    return Value.Scalar.newBuilder().setValue(value).build();
  }

  private void weight() {
    var call =
        io.quorate.protocol.v1.master.Call.newBuilder()
            .setType(io.quorate.protocol.v1.master.Call.Type.UPDATE_WEIGHTS);
    call.getUpdateWeightsBuilder()
        .addWeightInfosBuilder()
        .setRole("dev")
        .setWeight(random.nextInt(3));
    scenario.operator(call);
  }

  /** A task that ended once never ends otherwise. */
  private void checkEnds() {
    for (Task task : tasks()) {
      if (task.terminal()) {
        String key = task.key() + " named " + task.taskInfo().getName();
        TaskState before = ends.putIfAbsent(key, task.state());
        assertThat(before == null || before == task.state()).as("the end of %s", key).isTrue();
      }
    }
    for (String stream : streams) {
      for (TaskStatus status : scenario.statuses(stream)) {
        // CP-254: only who asks, or gets a lost agent back, is told of a task that has not begun.
        boolean asked =
            status.getReason() == TaskStatus.Reason.REASON_RECONCILIATION
                || status.getReason() == TaskStatus.Reason.REASON_AGENT_REREGISTERED;
        assertThat(status.getState() != TaskState.TASK_STAGING || asked).as(stream).isTrue();
      }
    }
  }

  /** A port, or a member of a set, is held once: the state itself says when it is not. */
  private void checkHoldings() {
    for (Agent agent : scenario.state().agents().values()) {
      assertThat(agent.holdings().overlapping())
          .as("two hold one thing of %s", agent.id())
          .isFalse();
    }
  }

  private void tearAllDown() {
    List<String> live = new ArrayList<>();
    scenario.state().frameworks().values().forEach(framework -> live.add(framework.id().value()));
    for (String framework : live) {
      String stream = "last-" + framework;
      FrameworkInfo.Builder info =
          framework("f").setId(FrameworkID.newBuilder().setValue(framework));
      scenario.subscribe(info, stream);
      Call.Builder call =
          from(0, Call.Type.TEARDOWN).setFrameworkId(FrameworkID.newBuilder().setValue(framework));
      scenario.schedulerCall(call, stream);
    }
  }
}
